"""The portal: everything about the program that is not an artist's subject."""
