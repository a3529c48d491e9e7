"""Change a published roster as little as possible when somebody falls ill or more people are needed."""
