"""Local emulators of all vendors: one server, or in this process (`unified emulate`, `Client(emulated=True)`)."""
