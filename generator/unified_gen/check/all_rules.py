"""List of all rules for resolved mappings."""

from __future__ import annotations

from collections.abc import Mapping

from unified_gen.check import (
    map102_deprecated_operation,
    map103_missing_input,
    map105_duplicate_target,
    map106_unreachable_step,
    map107_pagination,
    map109_unused_input,
    map110_lookup_after_write,
    map112_input_of_some_steps,
    map202_type_mismatch,
    map203_not_nullable,
    map204_bound_conflict,
    map205_unchecked_path,
    map206_codec_types,
    map207_written_never_read,
    map208_read_never_written,
    map209_response_differs,
    map213_read_only_target,
    map214_passed_on,
    map215_lossy_filter,
    map219_reconcile,
    map221_pattern_not_enforced,
    map222_partial_object,
    map223_inner_input,
    map224_request_input,
    map225_quoted_reference,
    map226_lookup_without_message,
    map227_composite_id,
    map228_idempotency_key,
    map229_query_name,
    map230_query_language,
    map232_better_name,
    map233_id_source,
    map234_missing_constant,
    map235_other_input,
    map301_vendor_value_not_read,
    map302_value_without_row,
    map303_unused_table,
    map304_unknown_value,
    map305_table_law,
    map307_slots,
    map308_row_without_effect,
    map309_swapped_rows,
    map310_row_order,
    map401_unmapped_field,
    map402_unmapped_operation,
    map403_unknown_unsupported,
    map404_mapped_unsupported,
    map412_alias,
)
from unified_gen.resolve.resolved import ResolvedResource
from unified_openapi.diagnostics import Diagnostic

RULES = (
    map102_deprecated_operation.check,
    map103_missing_input.check,
    map105_duplicate_target.check,
    map106_unreachable_step.check,
    map107_pagination.check,
    map110_lookup_after_write.check,
    map202_type_mismatch.check,
    map203_not_nullable.check,
    map204_bound_conflict.check,
    map205_unchecked_path.check,
    map206_codec_types.check,
    map207_written_never_read.check,
    map209_response_differs.check,
    map213_read_only_target.check,
    map214_passed_on.check,
    map215_lossy_filter.check,
    map219_reconcile.check,
    map221_pattern_not_enforced.check,
    map222_partial_object.check,
    map224_request_input.check,
    map225_quoted_reference.check,
    map226_lookup_without_message.check,
    map227_composite_id.check,
    map228_idempotency_key.check,
    map229_query_name.check,
    map230_query_language.check,
    map232_better_name.check,
    map233_id_source.check,
    map234_missing_constant.check,
    map235_other_input.check,
    map301_vendor_value_not_read.check,
    map302_value_without_row.check,
    map303_unused_table.check,
    map304_unknown_value.check,
    map305_table_law.check,
    map307_slots.check,
    map308_row_without_effect.check,
    map309_swapped_rows.check,
    map310_row_order.check,
    map401_unmapped_field.check,
    map402_unmapped_operation.check,
    map403_unknown_unsupported.check,
    map404_mapped_unsupported.check,
    map412_alias.check,
)
"""Rules that need only a resource."""

USE_RULES = (map109_unused_input.check, map208_read_never_written.check, map223_inner_input.check, map112_input_of_some_steps.check)
"""Rules that also need the inputs that each operation uses."""


def check_resource(resource: ResolvedResource, used: Mapping[str, frozenset[str]]) -> list[Diagnostic]:
    """Report all findings about one resource, each once."""
    found = [diagnostic for check in RULES for diagnostic in check(resource)]
    found += [diagnostic for check in USE_RULES for diagnostic in check(resource, used)]
    return list(dict.fromkeys(found))
