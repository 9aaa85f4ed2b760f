"""What the editor offers to do at a place: fixes, comments that silence, conversions, all safe fixes at once."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from typing import Any, Final

from lsprotocol import types
from pygls.exceptions import JsonRpcContentModified

from mllint.conversion.request import GOALS, Goal
from mllint.findings import Fix
from mllint.server import diagnostics
from mllint.server.documents import Part, Snapshot
from mllint.server.rewriting import Here, Offer, convert, convertible, fix_all, offers
from mllint.server.session import Session

FIX_ALL: Final = "source.fixAll.mllint"
NOTEBOOK_FIX_ALL: Final = "notebook.source.fixAll.mllint"
KINDS: Final[Sequence[str]] = (
    types.CodeActionKind.QuickFix,
    types.CodeActionKind.RefactorRewrite,
    types.CodeActionKind.SourceFixAll,
    FIX_ALL,
    NOTEBOOK_FIX_ALL,
)


class Actions:
    """The code actions of one session."""

    def __init__(self, session: Session, capabilities: types.ClientCapabilities) -> None:
        self._session = session
        self._can_resolve = _can_resolve(capabilities)
        self._knows_versions = _knows_versions(capabilities)

    async def at(self, params: types.CodeActionParams) -> list[types.CodeAction]:
        """What to do at a place. Raises JsonRpcContentModified where the text was changed meanwhile."""
        snapshot = self._session.snapshot(params.text_document.uri)
        found = snapshot.part_of(params.text_document.uri) if snapshot is not None else None
        if snapshot is None or found is None or not self._session.options.enable:
            return []
        cell, part = found
        first, _ = part.text.line_and_column(params.range.start)
        last, _ = part.text.line_and_column(params.range.end)
        actions = [one async for one in self._wanted(snapshot, Here(first, last, cell), params.context)]
        if not self._session.is_current(snapshot):
            raise JsonRpcContentModified()
        return actions

    async def _wanted(
        self, snapshot: Snapshot, here: Here, context: types.CodeActionContext
    ) -> AsyncIterator[types.CodeAction]:
        subject, assistant = self._session.subject(snapshot), self._session.assistant
        if _is_wanted(types.CodeActionKind.QuickFix, context):
            for offer in await assistant.ask(offers, subject, here):
                for action in self._for_finding(offer, snapshot, context.diagnostics):
                    yield action
        if _is_wanted(types.CodeActionKind.RefactorRewrite, context):
            for action in await self._conversions(snapshot, here):
                yield action
        kind = _fix_all_kind(snapshot, context)
        if kind is not None:
            action = self._later("Fix everything that mllint can fix safely", kind, snapshot, {})
            if await self._is_possible(action, snapshot):
                yield action

    async def _conversions(self, snapshot: Snapshot, here: Here) -> list[types.CodeAction]:
        subject, assistant = self._session.subject(snapshot), self._session.assistant
        if not await assistant.ask(convertible, subject, here):
            return []
        kind = types.CodeActionKind.RefactorRewrite
        at = {"line": here.first, "cell": here.cell}
        actions = [self._later(f"Convert to {goal}", kind, snapshot, {"goal": goal, **at}) for goal in GOALS]
        return [action for action in actions if await self._is_possible(action, snapshot)]

    # ------------------------------------------------------------ one finding

    def _for_finding(
        self, offer: Offer, snapshot: Snapshot, shown: Sequence[types.Diagnostic]
    ) -> Iterator[types.CodeAction]:
        finding = offer.finding
        own = diagnostics.of_finding(finding, snapshot, self._session.text_at)
        linked = [one for one in shown if one.code == own.code and one.range == own.range] or [own]
        safe = [fix for fix in finding.fixes if fix.applicability == "safe"]
        for fix in finding.fixes:
            yield types.CodeAction(
                title=_title(fix),
                kind=types.CodeActionKind.QuickFix,
                diagnostics=linked,
                is_preferred=safe == [fix] or None,
                edit=self._edit(_edits(fix, snapshot)),
            )
        if offer.silenced is not None:
            yield types.CodeAction(
                title=f"Ignore {finding.rule} on this line",
                kind=types.CodeActionKind.QuickFix,
                diagnostics=linked,
                edit=self._edit(snapshot.edits_to(offer.silenced)),
            )

    # ------------------------------------------------------------ what is worked out when it is chosen

    async def resolved(self, action: types.CodeAction) -> types.CodeAction:
        """The action with its edit, or without one where the text was changed meanwhile. Raises CannotDo where there is
        a reason not to change the document so."""
        data = action.data if isinstance(action.data, dict) else {}
        snapshot = self._session.documents.snapshot(str(data.get("uri")))
        if snapshot is not None and snapshot.number == data.get("number"):
            await self._filled(action, snapshot)
            if not self._session.is_current(snapshot):
                action.edit = None
        return action

    def _later(self, title: str, kind: str, snapshot: Snapshot, data: dict[str, Any]) -> types.CodeAction:
        data = {"uri": snapshot.uri, "number": snapshot.number, **data}
        return types.CodeAction(title=title, kind=kind, data=data)

    async def _is_possible(self, action: types.CodeAction, snapshot: Snapshot) -> bool:
        """Whether to offer it. For editors that cannot ask for its edit later the action then has it."""
        if self._can_resolve:
            return True
        try:
            return await self._filled(action, snapshot)
        except CannotDo:
            return False

    async def _filled(self, action: types.CodeAction, snapshot: Snapshot) -> bool:
        """Whether there is something to do; the action then has its edit. Raises CannotDo."""
        subject, assistant = self._session.subject(snapshot), self._session.assistant
        after: bytes | str | None
        data: dict[str, Any] = action.data or {}
        if "goal" in data:
            goal: Goal = data["goal"]
            after = await assistant.ask(convert, subject, Here(data["line"], data["line"], data["cell"]), goal)
        else:
            after = await assistant.ask(fix_all, subject)
        if isinstance(after, str):
            raise CannotDo(after)
        if after is None:
            return False
        action.edit = self._edit(snapshot.edits_to(after))
        return True

    # ------------------------------------------------------------ edits

    def _edit(self, edits: Iterable[tuple[Part, Sequence[types.TextEdit]]]) -> types.WorkspaceEdit:
        if not self._knows_versions:
            return types.WorkspaceEdit(changes={part.uri: list(made) for part, made in edits})
        return types.WorkspaceEdit(
            document_changes=[
                types.TextDocumentEdit(
                    types.OptionalVersionedTextDocumentIdentifier(part.uri, part.version), list(made)
                )
                for part, made in edits
            ]
        )


class CannotDo(Exception):
    """`str` is the reason."""


def _edits(fix: Fix, snapshot: Snapshot) -> Iterator[tuple[Part, list[types.TextEdit]]]:
    for cell in dict.fromkeys(edit.cell for edit in fix.edits):
        part = snapshot.parts[cell]
        own = [edit for edit in fix.edits if edit.cell == cell]
        yield part, [types.TextEdit(part.text.range(edit), edit.text) for edit in own]


def _title(fix: Fix) -> str:
    """The order, with what is to be known before it is followed."""
    title = fix.title[:1].upper() + fix.title[1:]
    return f"{title} (unsafe)" if fix.applicability == "unsafe" else title


def _is_wanted(kind: str, context: types.CodeActionContext) -> bool:
    return context.only is None or any(kind == one or kind.startswith(f"{one}.") for one in context.only)


def _fix_all_kind(snapshot: Snapshot, context: types.CodeActionContext) -> str | None:
    """The kind in which everything is to be fixed: only where such actions are asked for, as editors do on saving.

    A notebook has one of its own: of any other, editors ask each cell, and would do to the notebook several times what
    is to be done once.
    """
    if None not in snapshot.parts:
        return NOTEBOOK_FIX_ALL if context.only and _is_wanted(NOTEBOOK_FIX_ALL, context) else None
    for kind in (types.CodeActionKind.SourceFixAll, FIX_ALL):
        if context.only and (kind in context.only or _is_wanted(kind, context)):
            return kind if kind in context.only else FIX_ALL
    return None


def _can_resolve(capabilities: types.ClientCapabilities) -> bool:
    support = capabilities.text_document and capabilities.text_document.code_action
    resolve = support.resolve_support if support else None
    return bool(support and support.data_support and resolve and "edit" in resolve.properties)


def _knows_versions(capabilities: types.ClientCapabilities) -> bool:
    edit = capabilities.workspace.workspace_edit if capabilities.workspace else None
    return bool(edit and edit.document_changes)
