"""Listening for the web process."""

import pytest

from config.runtime.errors import PortInUse
from config.runtime.listener import address_of, open_listener


def test_a_port_in_use_is_told_in_a_sentence() -> None:
    with open_listener("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]

        with pytest.raises(PortInUse, match=f"Port {port} on 127.0.0.1 is in use"):
            open_listener("127.0.0.1", port)


@pytest.mark.parametrize("port", [-1, 65536, 99999])
def test_a_number_that_is_no_port_is_refused(port: int) -> None:
    with pytest.raises(PortInUse, match="is not a port"):
        open_listener("127.0.0.1", port)


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(PortInUse, match="not an address of this machine"):
        open_listener("192.0.2.1", 0)


def test_listening_on_all_addresses_is_shown_as_one_that_can_be_opened() -> None:
    with open_listener("0.0.0.0", 0) as listener:
        assert address_of(listener).startswith("http://localhost:")
