"""Every setting, read once from the environment or `.env`, typed, with units. Only `cli` and `app` read them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AnyHttpUrl, Field, SecretStr, StringConstraints, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Settings of one installation: environment variables `CARELINE_<NAME>`, explained in docs/settings.md."""

    model_config = SettingsConfigDict(env_prefix="CARELINE_", env_file=".env", extra="ignore")

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8000
    public_url: AnyHttpUrl | None = None
    operator: Annotated[str, StringConstraints(min_length=1, max_length=80)] | None = None
    quick_exit_url: AnyHttpUrl = AnyHttpUrl("https://en.wikipedia.org/wiki/Weather")
    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] | None = None
    data_dir: Path = Path("var")
    knowledge_dir: Path = Path("knowledge")
    keys_file: Path | None = None
    database_url: str | None = None
    service_key: SecretStr | None = None
    rasa_url: str = "http://127.0.0.1:5005"
    rasa_token: SecretStr = SecretStr("")
    actions_port: Annotated[int, Field(ge=1, le=65535)] | None = None
    actions_token: SecretStr = SecretStr("")
    signed_content_only: bool = False
    escalate_same_day: bool = False
    retention_days: Annotated[int, Field(ge=1, le=3650)] = 30
    # Loose, since patients of one clinic may share one address; emergencies are never held up.
    guidance_searches_per_minute: Annotated[int, Field(ge=1)] = 120
    conversations_per_hour: Annotated[int, Field(ge=1)] = 2000
    messages_per_minute: Annotated[int, Field(ge=1)] = 120
    telegram_token: SecretStr | None = None
    telegram_webhook: bool = False
    telegram_api_url: str = "https://api.telegram.org"
    telegram_quiet_hours: Annotated[str, StringConstraints(pattern=r"^[0-2]\d:[0-5]\d-[0-2]\d:[0-5]\d \S+$")] = (
        "21:00-08:00 UTC"
    )
    telegram_messages_per_second: Annotated[int, Field(ge=1)] = 25
    telegram_chat_messages_per_minute: Annotated[int, Field(ge=1)] = 60
    delivery_file: Path | None = None
    delivery_secrets: dict[str, list[SecretStr]] = {}
    duty_file: Path | None = None
    sites_file: Path | None = None

    @model_validator(mode="after")
    def _webhook_can_be_reached(self) -> Self:
        if self.telegram_webhook and (self.telegram_token is None or not self.address.startswith("https://")):
            raise ValueError(
                "CARELINE_TELEGRAM_WEBHOOK needs CARELINE_TELEGRAM_TOKEN, and CARELINE_PUBLIC_URL with https"
            )
        return self

    @field_validator("telegram_token", mode="before")
    @classmethod
    def _no_empty_token(cls, value: object) -> object:
        return value or None

    @field_validator("telegram_quiet_hours")
    @classmethod
    def _on_a_known_clock(cls, value: str) -> str:
        hours, zone = value.split(" ")
        try:
            ZoneInfo(zone)
            [dt.time.fromisoformat(time) for time in hours.split("-")]
        except (ValueError, ZoneInfoNotFoundError, OSError):
            raise ValueError("give hours and a time zone, such as 21:00-08:00 Europe/London") from None
        return value

    @field_validator("country", mode="before")
    @classmethod
    def _country_in_capitals(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) and value else (value or None)

    @property
    def keys_path(self) -> Path:
        """The keys file: beside the data folder, never inside it, so that no backup of the data holds it."""
        return self.keys_file or self.data_dir.parent / f"careline-keys-{self.data_dir.name}.json"

    @property
    def delivery_path(self) -> Path:
        """The file of channels and ladders; it holds no secret, so a backup may."""
        return self.delivery_file or self.data_dir / "delivery.yml"

    @property
    def duty_path(self) -> Path:
        """The file of duty hours."""
        return self.duty_file or self.data_dir / "duty.yml"

    @property
    def sites_path(self) -> Path:
        """The file of pages that may embed the chat."""
        return self.sites_file or self.data_dir / "sites.yml"

    @property
    def database(self) -> str:
        """The database's address; SQLite in the data folder unless set."""
        return self.database_url or f"sqlite:///{self.data_dir / 'careline.db'}"

    @property
    def address(self) -> str:
        """Where people reach the app."""
        return str(self.public_url).rstrip("/") if self.public_url else f"http://{self.host}:{self.port}"

    @property
    def is_for_this_machine_alone(self) -> bool:
        """Whether people reach the app on this machine's own address without TLS, as when trying it out."""
        address = AnyHttpUrl(self.address)
        return address.scheme == "http" and address.host in {"127.0.0.1", "localhost", "[::1]"}
