"""Every rule that judges a resolved mapping, in one list."""

from __future__ import annotations

from collections.abc import Mapping

from unified_gen.diagnostics import Diagnostic
from unified_gen.resolve.resolved import ResolvedResource
from unified_gen.rules import (
    map102_deprecated_operation,
    map103_missing_input,
    map105_duplicate_target,
    map106_unreachable_step,
    map107_paging,
    map109_unused_input,
    map110_lookup_after_write,
    map202_type_mismatch,
    map203_not_nullable,
    map204_bound_conflict,
    map205_unchecked_path,
    map206_codec_types,
    map207_written_never_read,
    map208_read_never_written,
    map209_answer_differs,
    map213_read_only_target,
    map214_passed_on,
    map215_lossy_filter,
    map219_reconcile,
    map301_vendor_word_unread,
    map302_value_without_row,
    map303_unused_table,
    map304_unknown_word,
    map305_table_law,
    map307_slots,
    map401_unmapped_field,
    map402_unmapped_operation,
    map403_unknown_gap,
    map404_mapped_gap,
)

RULES = (
    map102_deprecated_operation.check,
    map103_missing_input.check,
    map105_duplicate_target.check,
    map106_unreachable_step.check,
    map107_paging.check,
    map110_lookup_after_write.check,
    map202_type_mismatch.check,
    map203_not_nullable.check,
    map204_bound_conflict.check,
    map205_unchecked_path.check,
    map206_codec_types.check,
    map207_written_never_read.check,
    map209_answer_differs.check,
    map213_read_only_target.check,
    map214_passed_on.check,
    map215_lossy_filter.check,
    map219_reconcile.check,
    map301_vendor_word_unread.check,
    map302_value_without_row.check,
    map303_unused_table.check,
    map304_unknown_word.check,
    map305_table_law.check,
    map307_slots.check,
    map401_unmapped_field.check,
    map402_unmapped_operation.check,
    map403_unknown_gap.check,
    map404_mapped_gap.check,
)
"""Rules over a resource alone."""

USE_RULES = (map109_unused_input.check, map208_read_never_written.check)
"""Rules that also ask which inputs each operation takes."""


def check_resource(resource: ResolvedResource, used: Mapping[str, frozenset[str]]) -> list[Diagnostic]:
    """All findings about one resource, each once."""
    found = [diagnostic for check in RULES for diagnostic in check(resource)]
    found += [diagnostic for check in USE_RULES for diagnostic in check(resource, used)]
    return list(dict.fromkeys(found))
