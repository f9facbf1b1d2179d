"""Clients whose calls are steps of a saga: the current ones inside a saga's function and a `with` block."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from unified_runtime import AsyncClient, Client
from unified_runtime.client.operations import Operation
from unified_runtime.core.operations import Invocation, OperationBase

T = TypeVar("T")


class StepClientAdapter(Client):
    """A client by which each call is made as a step; lists, downloads and plans go to the client that it means."""

    def __init__(self, client: Client, make: Callable[[OperationBase[..., Any], Invocation[Any]], Any]) -> None:
        self.__dict__.update(client.__dict__)
        self._owns_transport = False
        self._make = make

    def run(self, operation: OperationBase[Any, T], invocation: Invocation[T]) -> T:
        value: T = self._make(_sync(operation), invocation)
        return value


class AsyncStepClientAdapter(AsyncClient):
    """The async twin."""

    def __init__(self, client: AsyncClient, make: Callable[[OperationBase[..., Any], Invocation[Any]], Awaitable[Any]]) -> None:
        self.__dict__.update(client.__dict__)
        self._owns_transport = False
        self._make = make

    async def run(self, operation: OperationBase[Any, T], invocation: Invocation[T]) -> T:
        value: T = await self._make(_sync(operation), invocation)
        return value


def _sync(operation: OperationBase[Any, T]) -> OperationBase[..., T]:
    if isinstance(operation, Operation) or operation.checks_inputs:
        return operation
    return Operation(operation.resource, operation.operation, operation.vendors, operation.build, operation.effect, operation.like)
