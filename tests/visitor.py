"""A visitor of the app without a browser: speaks Streamlit's own messages over a websocket.

A browser would take the processor's time from the server that is to be measured.
"""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from types import TracebackType
from typing import Final
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

SECONDS: Final = 300
_BOUNDARY: Final = "part-of-a-form"


@dataclass
class Answer:
    """What a visitor saw of one photo.

    Attributes
    ----------
    seconds : float
        From the start of the upload until picture and angles were there.
    angles : list of str
        As they are shown.
    picture : bytes
        As it is shown.
    waited : list of str
        Every text that was shown while the visitor waited, each once, and what was wrong.
    received : bytes
        All that came meanwhile.
    """

    seconds: float = 0.0
    angles: list[str] = field(default_factory=list)
    picture: bytes = b""
    waited: list[str] = field(default_factory=list)
    received: bytes = b""


class Visitor:
    """One session of the app; leave it with ``with``, as one closes a tab."""

    def __init__(self, address: str) -> None:
        self._address = address
        with urlopen(f"{address}/_stcore/health", timeout=SECONDS) as answer:
            cookie = SimpleCookie(answer.headers["Set-Cookie"])
        self._token = cookie["_streamlit_xsrf"].value
        self._page = self._session = self._button = ""
        self._open = ExitStack()

    def __enter__(self) -> Visitor:
        connection = connect(
            f"ws://{urlsplit(self._address).netloc}/_stcore/stream",
            origin=Origin(self._address),
            subprotocols=[Subprotocol("streamlit"), Subprotocol(self._token)],
            additional_headers={"Cookie": f"_streamlit_xsrf={self._token}"},
            max_size=None,
            compression=None,
        )
        self._socket: ClientConnection = self._open.enter_context(connection)
        self._run()
        self._until_finished()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._open.close()

    def upload(self, name: str, data: bytes) -> Answer:
        """Choose a photo as the button **Measure a photo** lets one do, and wait for the answer."""
        self._run(WidgetState(id=self._button, trigger_value=True))
        uploader, fragment = self._until_finished()
        asked = BackMsg()
        asked.file_urls_request.request_id = "one"
        asked.file_urls_request.file_names.append(name)
        asked.file_urls_request.session_id = self._session
        answer, start = Answer(), time.perf_counter()
        self._socket.send(asked.SerializeToString())
        while True:
            message = self._next()
            if message.WhichOneof("type") == "file_urls_response":
                urls = message.file_urls_response.file_urls[0]
                break
        self._put(urls.upload_url, name, data)
        chosen = WidgetState(id=uploader)
        file = chosen.file_uploader_state_value.uploaded_file_info.add()
        file.name, file.size, file.file_id = name, len(data), urls.file_id
        file.file_urls.CopyFrom(urls)
        self._run(chosen, fragment=fragment)
        picture = self._until_answered(answer, name)
        answer.seconds = time.perf_counter() - start
        if picture:
            self._until_finished(answer)
            with urlopen(self._address + picture, timeout=SECONDS) as shown:
                answer.picture = shown.read()
        return answer

    def _until_answered(self, answer: Answer, name: str) -> str:
        """Read until angles and picture of this photo are there; return the picture's address.

        That is "" if the page ends without a picture.
        """
        alt = f"{name}, with what was found drawn on it"
        while True:
            message = self._next(answer)
            if (
                message.WhichOneof("type") == "script_finished"
                and message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY
            ):
                return ""
            element = self._element(message)
            if element is None:
                continue
            kind = element.WhichOneof("type")
            if kind == "metric":
                answer.angles.append(element.metric.body)
            elif kind == "progress" and element.progress.text not in answer.waited:
                answer.waited.append(element.progress.text)
            elif kind == "alert":
                answer.waited.append(element.alert.body)
            elif kind == "imgs" and alt in str(element):
                return str(element.imgs.imgs[0].url)
            elif kind == "imgs":
                answer.angles.clear()  # of what was shown before

    def _until_finished(self, answer: Answer | None = None) -> tuple[str, str]:
        """Read to the end of a run; return the ids of the file uploader and of its fragment."""
        uploader = fragment = ""
        while True:
            message = self._next(answer)
            kind = message.WhichOneof("type")
            if kind == "new_session":
                self._page = message.new_session.page_script_hash
                self._session = message.new_session.initialize.session_id
            elif (
                kind == "script_finished"
                and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
            ):
                return uploader, fragment
            element = self._element(message)
            if element is None:
                continue
            if element.WhichOneof("type") == "button" and element.button.label == "Measure a photo":
                self._button = element.button.id
            elif element.WhichOneof("type") == "file_uploader":
                uploader, fragment = element.file_uploader.id, message.delta.fragment_id

    def _run(self, *widgets: WidgetState, fragment: str = "") -> None:
        """Have the page run, with what was pressed or chosen."""
        asked = BackMsg()
        asked.rerun_script.page_script_hash = self._page
        asked.rerun_script.fragment_id = fragment
        asked.rerun_script.context_info.locale = "en"
        asked.rerun_script.widget_states.widgets.extend(widgets)
        self._socket.send(asked.SerializeToString())

    def _next(self, answer: Answer | None = None) -> ForwardMsg:
        data = self._socket.recv(timeout=SECONDS)
        if not isinstance(data, bytes):
            raise TypeError("Streamlit sends bytes alone.")
        if answer is not None:
            answer.received += data
        message = ForwardMsg()
        message.ParseFromString(data)
        return message

    @staticmethod
    def _element(message: ForwardMsg) -> Element | None:
        is_new = message.WhichOneof("type") == "delta" and message.delta.WhichOneof("type")
        return message.delta.new_element if is_new == "new_element" else None

    def _put(self, path: str, name: str, data: bytes) -> None:
        head = (
            f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
            "Content-Type: image/jpeg\r\n\r\n"
        )
        request = Request(
            self._address + path,
            data=head.encode() + data + f"\r\n--{_BOUNDARY}--\r\n".encode(),
            method="PUT",
            headers={
                "Content-Type": f"multipart/form-data; boundary={_BOUNDARY}",
                "X-Xsrftoken": self._token,
                "Cookie": f"_streamlit_xsrf={self._token}",
            },
        )
        with urlopen(request, timeout=SECONDS):
            pass
