"""`gen new vendor`: a first mapping, guessed from the vendor's document. Every guess is marked as one."""
