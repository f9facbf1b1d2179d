"""Run datamodel-code-generator with its fastest options: `python -m bench.models_only OUTPUT DOCUMENT...`."""

from __future__ import annotations

import sys
from pathlib import Path

from datamodel_code_generator import Error, GenerateConfig, InputFileType, generate
from datamodel_code_generator.enums import DataModelType
from datamodel_code_generator.format import Formatter


def main(output: Path, documents: list[Path]) -> None:
    output.mkdir(parents=True)
    for number, document in enumerate(documents):
        config = GenerateConfig(
            input_file_type=InputFileType.OpenAPI,
            output=output / f"models_{number}",  # no .py: it becomes a folder if names have dots
            output_model_type=DataModelType.PydanticV2BaseModel,
            formatters=[Formatter.BUILTIN],
        )
        try:
            generate(document, config=config)
        except Error as error:
            if "Models not found" not in str(error):  # the document has no named schemas
                raise


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]])
