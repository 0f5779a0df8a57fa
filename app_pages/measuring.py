"""Has the photos of one visitor measured, and keeps what came of them until the tab closes."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence, Set
from concurrent.futures import CancelledError
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, cast

import streamlit as st

from app_pages import photos, pictures, waiting
from app_pages.waiting import File
from posture import Assessment, ModelError, Photo, PhotoError, assess
from posture.errors import BusyError, WorkerLostError
from posture.first_look import FirstLook
from posture.language import current
from posture.language import gettext as _
from posture.markers import Sticker
from posture.turns import Turn

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from app_pages.photos import Upload
    from posture.pose import Pose


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """What came of one file: an assessment, or the sentence that says why there is none.

    Stickers are looked for if the visitor asks, while nothing is placed in the photo.
    """

    upload: Upload
    assessment: Assessment | None
    error: str = ""
    stickers: tuple[Sticker, ...] = ()
    #: In which the error is said.
    language: str = field(default_factory=current)


@dataclass(frozen=True, slots=True, eq=False)
class _Known:
    """Who is in a photo that is read no longer, and which model found them."""

    people: tuple[Pose, ...]
    model: str


def measure(wanted: Sequence[Upload], *, patient: bool = False) -> list[Result]:
    """Return what came of each file, measuring those not measured before.

    Results belong to one visitor alone. Each is kept as soon as it is there, as a click in the
    meantime starts the page anew, and until the page says what it shows (`keep_what_is_shown`).

    Parameters
    ----------
    wanted : sequence of Upload
        The files.
    patient : bool
        Whether to wait for as long as it takes. If too many wait already, what came of the files
        measured before is returned otherwise, and the page says it and how to try again.
    """
    results = _results()
    needed = [photos.version(upload.key) for upload in wanted]
    missing = [
        (upload, key)
        for upload, key in zip(wanted, needed, strict=True)
        if key not in results or not _can_be_shown(results[key])
    ]
    place = st.empty()  # also if nothing is missing: what follows keeps its place on the page
    if missing:
        bar = place.progress(0.0, text=_("Measuring…"))
        tell = partial(_tell, bar, 0.0, _("Measuring…"))
        busy = _line_up([upload for upload, _key in missing], tell, patient=patient)
        for done, (upload, key) in enumerate(missing):
            if busy and not _is_under_way(upload):
                continue
            said = _("Measuring photo {number} of {count}…")
            text = said.format(number=done + 1, count=len(missing))
            tell = partial(_tell, bar, done / len(missing), text)
            results[key] = _measured(upload, tell, keep=done == 0)
        place.empty()
        if busy:
            waiting.busy(busy, of=wanted[0].key)
    return [results[key] for key in needed if key in results]


def _tell(bar: DeltaGenerator, share: float, text: str, before: str) -> None:
    """Show how far it is, and who is before."""
    bar.progress(share, text=f"{text} {before}".rstrip())


def _line_up(
    wanted: Sequence[Upload], tell: Callable[[str], object], *, patient: bool
) -> BusyError | None:
    """Have the visitor wait for what nothing is known of, or return why they cannot."""
    new = [upload for upload in wanted if not _is_under_way(upload)]
    while new:
        try:
            turns = waiting.ask([File(one.name, one.data, one.is_sample) for one in new])
        except BusyError as error:
            if not patient:
                return error
            tell(_("Many people are before you."))
            time.sleep(waiting.POLL_S)
        else:
            for upload, turn in zip(new, turns, strict=True):
                st.session_state[_turn_key(upload.key)] = turn
            break
    return None


def _is_under_way(upload: Upload) -> bool:
    """Tell whether people were found in a photo, are looked for, or will never be."""
    turn = st.session_state.get(_turn_key(upload.key))
    return (
        (turn is not None and not turn.future.cancelled())
        or _people_key(upload.key) in st.session_state
        or _lost_key(upload.key) in st.session_state
        or (upload.is_sample and waiting.of_sample(upload.name) is not None)
    )


def keep_what_is_shown(upload: Upload) -> None:
    """Keep what came of a photo and of the visitor's own, and let go of everything older.

    What was placed in a sample is kept.
    """
    keys = {kept.key for kept in (*photos.uploads(), upload)}
    _drop_results_except(keys)
    for prefix in (_people_key(""), _turn_key("")):
        for name in _held(prefix):
            if name.removeprefix(prefix) not in keys:
                _drop(name)


def forget(keys: Sequence[str]) -> None:
    """Forget photos, and all that is kept under their keys: results, points, heights, answers."""
    for key in keys:
        if _turn_key(key) in st.session_state:
            _drop(_turn_key(key))
    photos.remove(keys)
    _drop_results_except({upload.key for upload in photos.uploads()})
    st.session_state.pop("opened", None)
    pictures.forget()


def _held(prefix: str) -> list[str]:
    """Return the names that begin so, of what the session holds."""
    return [name for name in map(str, st.session_state) if name.startswith(prefix)]


def _drop(name: str) -> None:
    """Forget what the session holds by a name, and wait for it no longer."""
    held = st.session_state.pop(name)
    if isinstance(held, Turn):
        waiting.leave(held)


def _can_be_shown(result: Result) -> bool:
    """Tell whether what came of a photo is said in the language in use, or in none."""
    return not result.error or result.language == current()


def _results() -> dict[tuple[str, str], Result]:
    """Return what came of photos, by `photos.version`."""
    return cast("dict[tuple[str, str], Result]", st.session_state.setdefault("results", {}))


def _drop_results_except(keys: Set[str]) -> None:
    results = _results()
    for version in list(results):
        if version[0] not in keys or version != photos.version(version[0]):
            del results[version]


def _measured(upload: Upload, tell: Callable[[str], object], *, keep: bool) -> Result:
    """Return what came of one file.

    Parameters
    ----------
    upload : Upload
        The file.
    tell : callable
        Shows a text while the visitor waits.
    keep : bool
        Whether the photo is likely to be shown next, so that it stays read.
    """
    try:
        look = _first_look(upload, tell)
        if keep:
            st.session_state["opened"] = upload.key, look.photo
        stature_cm = st.session_state.get(photos.height_key(upload.key))
        way = partial(assess, look.photo, detector=look, people=look.people, stature_cm=stature_cm)
        if look.plain is not None and stature_cm is None and not photos.told(upload.key):
            assessment = look.plain.assessment
            if keep and look.plain.language == current():
                pictures.keep(assessment, look.plain.picture)
        else:
            assessment = way(corrections=photos.told(upload.key))
        stickers = way(markers=True).stickers if photos.wears_stickers(upload.key) else ()
    except PhotoError as error:
        return Result(upload, None, str(error))
    except WorkerLostError:
        st.session_state[_lost_key(upload.key)] = True  # it would take down the next one too
        lost = _(
            "{name} takes more memory or time to read than there is: save it smaller, as a plain "
            "JPEG, and choose it again."
        )
        return Result(upload, None, lost.format(name=upload.name))
    except ModelError:
        for name in _held(_turn_key("")):  # the others failed for the same reason: ask anew
            _drop(name)
        raise
    except Exception:  # a fault that one photo meets must not take the others with it
        logging.getLogger("posture.app").exception("A photo could not be measured")
        fault = _(
            "{name} could not be measured because of a fault in this program: try another photo; "
            "the terminal shows the details."
        )
        return Result(upload, None, fault.format(name=upload.name))
    return Result(upload, assessment, stickers=stickers)


def _first_look(upload: Upload, tell: Callable[[str], object]) -> FirstLook:
    """Return who is in a photo: looked for once, however often its points are moved."""
    if _lost_key(upload.key) in st.session_state:
        raise WorkerLostError
    sample = waiting.of_sample(upload.name) if upload.is_sample else None
    if sample is not None:
        return sample
    known = cast("_Known | None", st.session_state.get(_people_key(upload.key)))
    if known is not None:
        return FirstLook(opened(upload), known.people, known.model)
    look = _waited_for(upload, tell)
    st.session_state[_people_key(upload.key)] = _Known(look.people, look.name)
    return look


def _waited_for(upload: Upload, tell: Callable[[str], object]) -> FirstLook:
    """Wait for a photo's turn; a click meanwhile leaves it in the line, for the next run."""
    key = _turn_key(upload.key)
    while True:
        try:
            look = waiting.wait_for(cast("Turn[FirstLook]", st.session_state[key]), tell)
        except CancelledError:  # it was long since this page looked
            _line_up([upload], tell, patient=True)
            continue
        except Exception:
            del st.session_state[key]
            raise
        del st.session_state[key]
        return look


def opened(upload: Upload) -> Photo:
    """Return a photo, read once for as long as it is shown."""
    kept = cast("tuple[str, Photo] | None", st.session_state.get("opened"))
    if kept is None or kept[0] != upload.key:
        sample = waiting.of_sample(upload.name) if upload.is_sample else None
        photo = sample.photo if sample else waiting.read(upload.data, upload.name)
        kept = upload.key, photo
        st.session_state["opened"] = kept
    return kept[1]


def _people_key(key: str) -> str:
    return f"people_{key}"


def _turn_key(key: str) -> str:
    return f"turn_{key}"


def _lost_key(key: str) -> str:
    return f"lost_{key}"
