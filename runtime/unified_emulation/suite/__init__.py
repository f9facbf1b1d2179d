"""Behaviour suite: checks of a vendor's operations that run through a client against an emulator, a real server or an account."""
