"""Policies to start from. Grants say what is allowed and stand alone; limits forbid, and stand beside a grant."""
