"""Erasure of one user from every store."""

from unified_platform.erasure.users import ErasedUser, Stores, erase_user

__all__ = ["ErasedUser", "Stores", "erase_user"]
