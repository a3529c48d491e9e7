"""Notices: mail to people and webhooks to other systems about what has happened."""
