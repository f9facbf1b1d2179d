"""Real servers on loopback, each started from its Debian package for one test session and stopped at its end."""
