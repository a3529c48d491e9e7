"""What a roster is made of: input values, rules, and the evaluator that judges a finished roster."""
