"""Where a bucket is, and with which keys it is opened. Pure."""

from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote, urlsplit

DEFAULT_REGION: Final = "us-east-1"
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bucket, the part of it below `prefix` (empty, or ending with `/`), and the keys. The secret is never shown."""

    name: str
    prefix: str = ""
    endpoint_url: str = ""
    region: str = ""
    uses_path_style: bool = False
    access_key_id: str = ""
    secret_access_key: str = field(default="", repr=False)

    @property
    def endpoint(self) -> str:
        """The address of the storage without the bucket: Amazon's, unless another is given.

        >>> Bucket("minis", region="eu-central-1").endpoint
        'https://s3.eu-central-1.amazonaws.com'
        """
        if not self.endpoint_url:
            return f"https://s3.{self.signing_region}.amazonaws.com"
        address = urlsplit(self.endpoint_url)
        host, port = address.hostname or "", address.port
        host = f"[{host}]" if ":" in host else host
        # Clients leave the usual port out of the Host header, which is signed.
        is_usual = port is None or port == _DEFAULT_PORTS.get(address.scheme)
        return f"{address.scheme}://{host}{'' if is_usual else f':{port}'}{address.path.rstrip('/')}"

    @property
    def signing_region(self) -> str:
        """The region that requests are signed for; storages other than Amazon's mostly take any."""
        return self.region or DEFAULT_REGION

    @property
    def is_in_path(self) -> bool:
        """Whether the bucket stands in the path of an address, and not in front of the host.

        No certificate covers a bucket whose name has dots.
        """
        return self.uses_path_style or "." in self.name

    @property
    def host(self) -> str:
        """The machine that is asked, for people."""
        return urlsplit(self.endpoint).netloc

    @property
    def shown(self) -> str:
        """The bucket and prefix, for people."""
        return f"{self.name}/{self.prefix}".rstrip("/")

    def url(self, key: str) -> str:
        """The address of an object, and of the bucket itself for an empty key; not signed.

        >>> Bucket("minis", endpoint_url="http://nas:9000/", uses_path_style=True).url("orcs/a b.stl")
        'http://nas:9000/minis/orcs/a%20b.stl'
        >>> Bucket("minis").url("é.stl")
        'https://minis.s3.us-east-1.amazonaws.com/%C3%A9.stl'
        """
        path = quote(key, safe="/~")
        if self.is_in_path:
            return f"{self.endpoint}/{self.name}/{path}" if key else f"{self.endpoint}/{self.name}"
        scheme, _, rest = self.endpoint.partition("://")
        return f"{scheme}://{self.name}.{rest}/{path}"
