"""Pictures that files carry inside: found without reading the rest, and without trusting what is said about them."""
