"""One picture of any size and format: reads it upright in RGB, or makes a clean JPEG of it."""

from __future__ import annotations

import io
import os
import warnings

import numpy as np

from helpers.messages import Problem, bn

#: Pixels beyond which a picture is not opened at full size; a phone takes 12 to 50 million.
HUGE = 60_000_000
# Pillow warns in English of pictures that could fill the memory; we look at their size ourselves.
warnings.filterwarnings("ignore", message="Image size .* could be decompression bomb")


def read_picture(path: str | os.PathLike, size: int | None = None) -> np.ndarray:
    """Reads one picture of any size and format, upright and in RGB.

    Args:
        path: a JPEG, PNG or any other file that Pillow reads; a phone's rotation mark
            (EXIF), CMYK, grey and transparent pictures are all brought to upright RGB.
        size: if given, the middle square is cut out and resized to size x size pixels.

    Returns:
        uint8 of shape (height, width, 3).

    Raises:
        Problem: there is no such file, or it is no picture.
    """
    return np.asarray(_upright(path, f"`{path}`", size))


def to_jpeg(data: bytes, name: str, size: int | None = None, quality: int = 90) -> bytes:
    """The bytes of any picture as those of a clean RGB JPEG.

    Args:
        data: what a picture's file holds.
        name: what to call the picture in a message.
        size: as for `read_picture`.
        quality: of the JPEG, 1 to 95.

    Raises:
        Problem: the bytes are no picture.
    """
    buffer = io.BytesIO()
    _upright(io.BytesIO(data), f"`{name}`", size).save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


def _upright(source, name: str, size: int | None):
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with Image.open(source) as opened:
            if size is not None:  # a JPEG can be read at a half, a quarter or an eighth of its size
                opened.draft("RGB", (2 * size, 2 * size))
            width, height = opened.size
            if width * height > HUGE:
                opened.draft("RGB", (1024, 1024))
                if opened.width * opened.height > HUGE:
                    raise Problem(
                        f"{name} বেশি বড় ({bn(width)}×{bn(height)} পিক্সেল), খুললে মেমোরি ভরে যেতে পারে। "
                        "ছোট করে সেভ করে আবার দিন।"
                    )
            picture = ImageOps.exif_transpose(opened)
            if picture.has_transparency_data:  # transparent means white paper, not black
                picture = picture.convert("RGBA")
                paper = Image.new("RGBA", picture.size, "white")
                picture = Image.alpha_composite(paper, picture)
            picture = picture.convert("RGB")
    except (FileNotFoundError, IsADirectoryError) as error:
        raise Problem(f"{name} নামে কোনো ছবি পাওয়া গেল না। ফাইলের নাম আর ফোল্ডার মিলিয়ে দেখুন।") from error
    except Image.DecompressionBombError as error:
        raise Problem(
            f"{name} বেশি বড়, খুললে মেমোরি ভরে যেতে পারে। ছোট করে সেভ করে আবার দিন।"
        ) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, IndexError) as error:
        raise Problem(
            f"{name} ছবি হিসেবে পড়া গেল না: ফাইলটা হয় ছবি নয়, নয়তো ভাঙা। অন্য একটা JPEG বা PNG দিয়ে দেখুন।"
        ) from error
    if size is not None:
        picture = ImageOps.fit(picture, (size, size), Image.Resampling.LANCZOS)
    return picture
