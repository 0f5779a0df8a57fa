"""Says which tables there are; what a person is known by is sealed in all of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

_ID = String(36)
_IS_DRAFT = text("draft_of IS NOT NULL")


class Moment(TypeDecorator[datetime]):
    """A moment, kept in UTC and read with its zone from any database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return it in UTC, without a zone where the database knows none."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ANN401, ARG002
        """Return it with its zone."""
        if value is None:
            return None
        found: datetime = value if value.tzinfo else value.replace(tzinfo=UTC)
        return found.astimezone(UTC)


class Base(DeclarativeBase):
    """What all tables share: names of their constraints that migrations can rely on."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class SealRow(Base):
    """One known text, sealed, by which a wrong key is told."""

    __tablename__ = "seal"
    id: Mapped[int] = mapped_column(primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class ClinicRow(Base):
    """A clinic; on a computer of one user there is one, without a name."""

    __tablename__ = "clinic"
    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    facts: Mapped[bytes | None] = mapped_column(LargeBinary)  # logo, paper, its own noise


class MemberRow(Base):
    """Who works at a clinic, by what the login knows them by."""

    __tablename__ = "member"
    clinic_id: Mapped[str] = mapped_column(
        ForeignKey("clinic.id", ondelete="CASCADE"), primary_key=True
    )
    user: Mapped[str] = mapped_column(String(320), primary_key=True)

    __table_args__ = (UniqueConstraint("user"),)


class PersonRow(Base):
    """A person who is seen at a clinic."""

    __tablename__ = "person"
    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    clinic_id: Mapped[str] = mapped_column(ForeignKey("clinic.id", ondelete="CASCADE"))
    facts: Mapped[bytes] = mapped_column(LargeBinary)  # name, number, height
    created_at: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (Index(None, "clinic_id"),)


class VisitRow(Base):
    """One visit of a person: saved, or the draft of a user."""

    __tablename__ = "visit"
    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(Moment)
    draft_of: Mapped[str | None] = mapped_column(String(320))  # None once it is saved
    facts: Mapped[bytes] = mapped_column(LargeBinary)  # conditions, notes, plan, versions
    stance: Mapped[bytes] = mapped_column(LargeBinary)  # the numbers alone, for lists and trends
    created_at: Mapped[datetime] = mapped_column(Moment)

    # Lists count visits by the first one alone, without reading what is sealed.
    __table_args__ = (
        Index(None, "person_id", "at", "draft_of"),
        Index(None, "draft_of", sqlite_where=_IS_DRAFT, postgresql_where=_IS_DRAFT),
    )


class PhotoRow(Base):
    """One photo of a visit: what was read in it, and the picture if it was to be kept."""

    __tablename__ = "photo"
    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    visit_id: Mapped[str] = mapped_column(ForeignKey("visit.id", ondelete="CASCADE"))
    place: Mapped[int]
    assessment: Mapped[bytes] = mapped_column(LargeBinary)
    picture: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)

    __table_args__ = (UniqueConstraint("visit_id", "place"),)


class AuditRow(Base):
    """Who looked at, changed, exported or erased whom, and when; it holds no name."""

    __tablename__ = "audit"
    id: Mapped[int] = mapped_column(primary_key=True)
    clinic_id: Mapped[str] = mapped_column(_ID)
    at: Mapped[datetime] = mapped_column(Moment)
    user: Mapped[str] = mapped_column(String(320))
    action: Mapped[str] = mapped_column(String(20))
    person_id: Mapped[str | None] = mapped_column(_ID)
    visit_id: Mapped[str | None] = mapped_column(_ID)

    __table_args__ = (Index(None, "clinic_id", "at"), Index(None, "person_id"))
