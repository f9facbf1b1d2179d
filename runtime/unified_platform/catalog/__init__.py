"""The compiled catalog as data: vendors, their operations, and toolsets over them."""
