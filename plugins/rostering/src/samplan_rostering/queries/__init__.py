"""The read side: what pages, the API and jobs ask the database for."""
