"""Drafts of visits in the records, on SQLite and on a real PostgreSQL server."""

import dataclasses

import pytest
import sqlalchemy as sa

from posture.errors import NotThereError, RecordsError, SealError
from posture.records import drafts, people, visits
from posture.records.access import Access, Records
from posture.records.drafts import Draft
from posture.records.kept import Facts
from posture.records.tables import PersonRow, VisitRow
from posture.visit import Conditions
from tests.kept import alike, make_visit


def test_a_draft_waits_until_it_is_saved_or_discarded(access: Access) -> None:
    """It is no visit yet; it comes back as it was left, with its pictures, and can be changed."""
    person = people.add(access, Facts("Ada"))
    visit = make_visit(person)
    drafts.begin(access, Draft(visit))
    assert visits.of_person(access, person) == []
    assert people.get(access, person).visits == 0
    changed = dataclasses.replace(visit, notes="halfway", conditions=Conditions("crossed"))
    drafts.change(access, Draft(visit), Draft(changed, keeps_pictures=True, blurs_faces=True))
    (found,) = drafts.mine(access)
    back = drafts.get(access, found.id)
    assert alike(back.visit, changed)
    assert (back.keeps_pictures, back.blurs_faces) == (True, True)
    drafts.finish(access, back, back.visit)
    assert drafts.mine(access) == []
    assert [v.id for v in visits.of_person(access, person)] == [visit.id]
    with pytest.raises(NotThereError, match="saved already"):
        drafts.begin(access, Draft(visit))
    with pytest.raises(NotThereError):
        drafts.get(access, visit.id)


def test_a_window_changes_nothing_of_a_draft_that_it_did_not_touch(access: Access) -> None:
    """What one switches on, another that looks on does not switch off."""
    person = people.add(access, Facts("Ada"))
    was = Draft(make_visit(person))
    drafts.begin(access, was)
    drafts.change(access, was, dataclasses.replace(was, keeps_pictures=True))
    later = dataclasses.replace(was.visit, conditions=Conditions("crossed"))
    drafts.change(access, was, dataclasses.replace(was, visit=later))
    found = drafts.get(access, was.visit.id)
    assert found.keeps_pictures
    assert found.visit.conditions == Conditions("crossed")
    assert found.visit.stance.conditions == Conditions("crossed")
    assert found.visit.at == was.visit.at


def test_a_draft_is_its_users_alone(records: Records) -> None:
    """Others at the same clinic neither see nor change it."""
    records.add_member("A", "ann@a.example")
    records.add_member("A", "abe@a.example")
    ann, abe = records.enter("ann@a.example"), records.enter("abe@a.example")
    person = people.add(ann, Facts("Ada"))
    draft = Draft(make_visit(person))
    drafts.begin(ann, draft)
    assert drafts.mine(abe) == []
    for attempt in (
        lambda: drafts.get(abe, draft.visit.id),
        lambda: drafts.change(abe, draft, draft),
        lambda: drafts.begin(abe, draft),
        lambda: visits.save(abe, draft.visit),
        lambda: visits.change_words(abe, draft.visit.id, ("", ""), ("x", "y")),
    ):
        with pytest.raises(NotThereError):
            attempt()
    assert alike(drafts.get(ann, draft.visit.id).visit, draft.visit)


def test_a_colleagues_draft_can_be_seen_to_be_there_and_discarded(records: Records) -> None:
    """Not what is in it; of another clinic's not even that."""
    for clinic, user in (("A", "ann"), ("A", "abe"), ("B", "bob")):
        records.add_member(clinic, user)
    ann, abe, bob = (records.enter(user) for user in ("ann", "abe", "bob"))
    draft = make_visit(visits.new_id())
    drafts.begin(ann, Draft(draft), Facts("Ada"))
    person = draft.person_id
    assert people.get(ann, person).facts.name == "Ada"
    assert drafts.others(ann, person) == []
    (seen,) = drafts.others(abe, person)
    assert (seen.id, seen.user) == (draft.id, "ann")
    with pytest.raises(NotThereError):
        drafts.others(bob, person)
    with pytest.raises(NotThereError):
        visits.erase(bob, draft.id)
    visits.erase(abe, draft.id)
    assert drafts.mine(ann) == []


def test_a_person_is_not_added_without_their_visit(access: Access) -> None:
    """Both or neither."""
    draft = make_visit(visits.new_id())
    with pytest.raises(RecordsError, match="1 to 12 photos"):
        drafts.begin(access, Draft(dataclasses.replace(draft, photos=())), Facts("Ada"))
    assert people.search(access).count == 0


def test_a_draft_that_was_discarded_meanwhile_is_not_saved(access: Access) -> None:
    """Nor are words that another window wrote replaced; what is saved may lack its pictures."""
    person = people.add(access, Facts("Ada"))
    draft = Draft(make_visit(person))
    drafts.begin(access, draft)
    bare = dataclasses.replace(
        draft.visit,
        photos=tuple(dataclasses.replace(one, picture=None) for one in draft.visit.photos),
    )
    now = Draft(dataclasses.replace(draft.visit, notes="theirs"))
    drafts.change(access, draft, now)
    with pytest.raises(RecordsError, match="changed in another window"):
        drafts.finish(access, draft, bare)
    assert drafts.get(access, bare.id).visit.notes == "theirs"
    drafts.finish(access, now, dataclasses.replace(bare, notes="theirs"))
    assert visits.get(access, bare.id, pictures=True).photos[0].picture is None

    other = Draft(make_visit(person, 1))
    drafts.begin(access, other)
    visits.erase(access, other.visit.id)
    with pytest.raises(NotThereError):
        drafts.finish(access, other, other.visit)
    assert [one.id for one in visits.of_person(access, person)] == [bare.id]


def test_a_damaged_draft_is_listed_and_can_be_discarded(access: Access) -> None:
    """It hides neither the others nor the way to get rid of it; nor does its person's name."""
    person = people.add(access, Facts("Ada"))
    damaged, whole = (Draft(make_visit(person, number)) for number in (0, 1))
    for draft in (damaged, whole):
        drafts.begin(access, draft)
    with access.writing() as session:
        broken = sa.update(VisitRow).where(VisitRow.id == damaged.visit.id)
        session.execute(broken.values(facts=b"\x01damaged", stance=b"\x02damaged"))
        session.execute(
            sa.update(PersonRow).where(PersonRow.id == person).values(facts=b"\x01damaged")
        )
    listed = {one.id: one for one in drafts.mine(access)}
    assert set(listed) == {damaged.visit.id, whole.visit.id}
    assert listed[whole.visit.id].at == whole.visit.at
    assert people.called(access, listed[damaged.visit.id].person_id) == "Cannot be read"
    with pytest.raises(SealError):
        drafts.get(access, damaged.visit.id)
    visits.erase(access, damaged.visit.id)
    assert [one.id for one in drafts.mine(access)] == [whole.visit.id]
