"""`gen new`: first mappings, guessed from a vendor's document, and first models. Every guess is marked as one."""
