"""Measure solvers on files, and judge what they find."""
