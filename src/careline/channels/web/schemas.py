"""Requests of the patients' API, as the HTTP contract has them."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from careline.consultation.conversations import Happened, Helpful


class OpenConversation(BaseModel):
    """Opens a conversation."""

    model_config = ConfigDict(extra="forbid")

    channel: Literal["web", "terminal", "telegram", "api"] = "web"
    locale: Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=35)] = "en"
    country: Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2}$")] | None = None
    metadata: dict[str, Any] | None = Field(default=None, description="Accepted, not kept.")


class ResumeConversation(BaseModel):
    """Goes on with a conversation that began in another channel."""

    model_config = ConfigDict(extra="forbid")

    code: Annotated[str, StringConstraints(min_length=1, max_length=40)]


class Typing(BaseModel):
    """Says that the patient types, or has stopped."""

    model_config = ConfigDict(extra="forbid")

    on: bool = True


class GiveFeedback(BaseModel):
    """Says how the consultation was."""

    model_config = ConfigDict(extra="forbid")

    helpful: Helpful | None = None
    happened: Happened | None = None
    text: Annotated[str, StringConstraints(max_length=4000)] = ""


# With a limit, which also refuses what no database can hold: half a surrogate pair.
Value = Annotated[str, StringConstraints(max_length=4000)]


class NumberAnswer(BaseModel):
    """A number and its unit."""

    model_config = ConfigDict(extra="forbid")

    number: float
    unit: Value | None = None


class SendMessage(BaseModel):
    """A patient's message: words, or the value of a button and the message it belongs to."""

    model_config = ConfigDict(extra="forbid")

    text: str | None = None
    reply_to: Annotated[int, Field(ge=1)] | None = None
    value: Value | list[Value] | NumberAnswer | None = None

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        if (self.text is None) == (self.value is None):
            raise ValueError("send either text, or reply_to and value")
        if self.value is not None and self.reply_to is None:
            raise ValueError("a value needs reply_to, the id of the message it answers")
        return self

    @property
    def plain_value(self) -> str | list[str] | dict[str, Any] | None:
        """The value in plain types."""
        return self.value.model_dump(exclude_none=True) if isinstance(self.value, NumberAnswer) else self.value
