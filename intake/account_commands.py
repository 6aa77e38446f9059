"""``par-intake account`` and ``par-intake token``: who may use the desk.

Passwords are typed or come by standard input, and are never words of the command.
"""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from intake.settings import load_settings
from models.store.roles import Role

if TYPE_CHECKING:
    from intake.account_desk import AccountDesk

account_app = typer.Typer(name="account", help="Accounts of the people who use the desk.", no_args_is_help=True)
token_app = typer.Typer(name="token", help="Tokens of the programs that use the desk's API.", no_args_is_help=True)

Data = Annotated[Path | None, typer.Option(help="The service's data folder.", file_okay=False)]
Name = Annotated[str, typer.Argument(metavar="NAME", help="The user name.", show_default=False)]
RoleOption = Annotated[Role, typer.Option(help="What the account is for.", show_default=False)]


def _desk(data: Path | None) -> AccountDesk:
    # Imported when asked for: the store is no part of the other commands.
    from intake.account_desk import AccountDesk  # noqa: PLC0415

    return AccountDesk(load_settings({"data": data}))


@account_app.command("add")
def add(
    name: Name,
    role: RoleOption,
    data: Data = None,
    *,
    link: Annotated[bool, typer.Option("--link", help="Ask for no password; print a link with which the person sets one.")] = False,
) -> None:
    """Make an account, with a password or with a link to set one."""
    desk = _desk(data)
    desk.add(name, role, None if link else _password())
    if link:
        typer.echo(desk.new_link(name))


@account_app.command("list")
def list_accounts(data: Data = None) -> None:
    """List the accounts: name, role, whether switched off, sessions, last sign-in."""
    for one in _desk(data).listed():
        account = one.account
        way = "openid" if account.issuer else "password" if account.local else "no password"
        state = "switched off" if account.disabled_at else way
        typer.echo(f"{account.name}  {account.role.value}  {state}  {one.sessions} sessions  {_time(account.signed_in_at)}")


@account_app.command("role")
def set_role(name: Name, role: Annotated[Role, typer.Argument(help="What it is for from now on.")], data: Data = None) -> None:
    """Change what an account is for; its person has to sign in again."""
    _desk(data).set_role(name, role)


@account_app.command("password")
def set_password(name: Name, data: Data = None) -> None:
    """Set a password; the person is signed out everywhere."""
    _desk(data).set_password(name, _password())


@account_app.command("link")
def make_link(name: Name, data: Data = None) -> None:
    """Print a one-time link with which the person sets a new password."""
    typer.echo(_desk(data).new_link(name))


@account_app.command("disable")
def disable(name: Name, data: Data = None) -> None:
    """Switch an account off: its sessions end, and so do the tokens that its person made."""
    _desk(data).disable(name)


@account_app.command("enable")
def enable(name: Name, data: Data = None) -> None:
    """Switch an account on again."""
    _desk(data).enable(name)


@account_app.command("end-sessions")
def end_sessions(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", show_default=False)] = None,
    data: Data = None,
    *,
    everybody: Annotated[bool, typer.Option("--all", help="Of all accounts.")] = False,
) -> None:
    """Sign a person out everywhere, or everybody."""
    if everybody == (name is not None):
        raise typer.BadParameter("give a user name, or --all")
    typer.echo(f"{_desk(data).end_sessions(name)} sessions ended")


@token_app.command("add")
def add_token(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The program's name.", show_default=False)],
    scope: Annotated[list[str], typer.Option(help="What it may do; may be given several times.", show_default=False)],
    days: Annotated[int, typer.Option(help="Days that it is good for.", min=1, max=366)] = 90,
    data: Data = None,
) -> None:
    """Make a token, and print it this once."""
    typer.echo(_desk(data).new_token(name, scope, days))


@token_app.command("list")
def list_tokens(data: Data = None) -> None:
    """List the tokens: name, scopes, end, last use."""
    for one in _desk(data).tokens():
        state = "revoked" if one.revoked_at else f"until {_time(one.expires_at)}"
        typer.echo(f"{one.name}  {','.join(one.scopes)}  {state}  used {_time(one.used_at)}  made by {one.created_by}")


@token_app.command("revoke")
def revoke(name: Annotated[str, typer.Argument(metavar="NAME", show_default=False)], data: Data = None) -> None:
    """End a token."""
    _desk(data).revoke(name)


def _password() -> str:
    """Typed twice at a terminal; else the first line of standard input."""
    if sys.stdin.isatty():
        return str(typer.prompt("New password", hide_input=True, confirmation_prompt="The same again"))
    return sys.stdin.readline().rstrip("\n")


def _time(moment: datetime | None) -> str:
    return "never" if moment is None else moment.isoformat(timespec="seconds")
