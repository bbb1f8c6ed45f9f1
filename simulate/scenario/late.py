"""Blocks that few files have, whose validators are built when a file first has them."""

from typing import Annotated, Any, TypeVar

from pydantic import (
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    SerializerFunctionWrapHandler,
    ValidationInfo,
)
from pydantic_core import core_schema

from simulate.scenario.values import Block

T = TypeVar("T")


def _written(block: Block, handler: SerializerFunctionWrapHandler) -> Any:
    """Its keys and values; one that another process has read is the first of its class here."""
    type(block).model_rebuild()
    return handler(block)


class _Late:
    """How pydantic reads such a block; to build all validators takes longer than a small run."""

    def __get_pydantic_core_schema__(
        self, block: type[Block], _handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        def read(value: object, info: ValidationInfo) -> Block:
            return block.model_validate(value, context=info.context)

        return core_schema.with_info_plain_validator_function(
            read,
            metadata={"block": block},
            serialization=core_schema.wrap_serializer_function_ser_schema(_written),
        )

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        block = schema["metadata"]["block"]
        # By its name it becomes a definition, to which the field refers.
        named: Any = {**block.__pydantic_core_schema__, "ref": block.__name__}
        return handler(core_schema.definitions_schema(named, []))


Late = Annotated[T, _Late()]
