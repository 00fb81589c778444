"""The life of an edition: drafted, reviewed, published, retired; and what editors and readers see of it."""
