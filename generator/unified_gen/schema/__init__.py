"""What a vendor's schema says about a place: shapes, paths into them, and the walk that joins the two."""
