"""What `./dev` runs on one machine: the embedded PostgreSQL, the site, the worker and the clock, and their ends."""
