"""Names of the columns that hold one part of a composite answer."""


def column_of(key: str) -> str:
    """`part_1`, `part_other`, `part_x`, `part_1_2`: safe as a name in statistics programs."""
    return "part_" + key.replace(":", "_").replace("-", "m")
