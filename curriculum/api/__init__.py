"""What programs may ask of this room: what a person holds and lacks, what closes it, and practice to put forward."""
