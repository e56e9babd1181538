"""Preparing images for storage: format, size, thumbnail. Needs Pillow, imported when used.

Model floor: images are read from and written to memory only.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple

from mongoengine.errors import ValidationError

if TYPE_CHECKING:
    from mongoengine.base.fields.files import BaseImageField

__all__ = ("EncodedImage", "encoded", "prepare")


class EncodedImage(NamedTuple):
    """An image as it is stored: content, and the metadata stored with it."""

    content: BytesIO
    metadata: dict[str, Any]


def prepare(
    file: Any, field: BaseImageField, progressive: bool
) -> tuple[EncodedImage, EncodedImage | None]:
    """Return an image brought to the size its field wants, and its thumbnail if it has one.

    Args:
        file: an open file, bytes, or a path.
        field: says what sizes are wanted.
        progressive: store a JPEG so that it can be shown while it loads.

    Raises:
        ValidationError: it is no image.
    """
    from PIL import Image

    try:
        image: Any = Image.open(BytesIO(file) if isinstance(file, bytes) else file)
        image_format = image.format
    except Exception as error:  # decoders fail in many ways, and all mean the same
        raise ValidationError(f"Invalid image: {error}") from error
    progressive = progressive and image_format == "JPEG"
    if field.size and _exceeds(image, field.size):
        image = _resized(image, field.size)
    thumbnail = None
    if field.thumbnail_size:
        thumbnail = encoded(_resized(image, field.thumbnail_size), image_format, progressive)
    return encoded(image, image_format, progressive), thumbnail


def encoded(image: Any, image_format: str | None, progressive: bool) -> EncodedImage:
    """Return an image as it is stored.

    Args:
        image: a Pillow image.
        image_format: the name Pillow has for the format.
        progressive: see `prepare`.
    """
    width, height = image.size
    content = BytesIO()
    image.save(content, image_format, progressive=progressive)
    content.seek(0)
    return EncodedImage(content, {"width": width, "height": height, "format": image_format})


def _exceeds(image: Any, size: dict[str, Any]) -> bool:
    width, height = image.size
    return bool(width > (size["width"] or width) or height > (size["height"] or height))


def _resized(image: Any, size: dict[str, Any]) -> Any:
    """Return an image of exactly a size if that is forced, else of at most that size."""
    from PIL import Image, ImageOps

    width, height = image.size
    wanted = (size["width"] or width, size["height"] or height)
    if size["force"]:
        return ImageOps.fit(image, wanted, Image.Resampling.LANCZOS)
    smaller = image.copy()
    smaller.thumbnail(wanted, Image.Resampling.LANCZOS)
    return smaller
