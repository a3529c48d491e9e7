"""The ward workbook: all that is needed to roster a ward, as one file that people can fill in."""

from samplan_rostering.workbook.reading import read_ward
from samplan_rostering.workbook.writing import write_template, write_ward

__all__ = ["read_ward", "write_template", "write_ward"]
