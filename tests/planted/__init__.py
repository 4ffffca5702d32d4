"""Invented books in which one thing is wrong, or nothing is: what the rules must find, and what they must not."""
