"""Files that people put with their practice: what may come in, who may read it, and when it goes."""
