"""The write side: each service takes the tenant's session, and never commits."""
