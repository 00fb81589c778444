SELECT count(*) FROM fitting
