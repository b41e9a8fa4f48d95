"""Lists, pages, creates and reads with the client that is generated from the published document."""

import os

from aleta.api.clients import clients_create, clients_get, clients_list
from aleta.client import AuthenticatedClient
from aleta.models import Client, ClientPage, Currency, NewClient

client = AuthenticatedClient(base_url=os.environ["API_URL"], token=os.environ["TOKEN"])


def walk() -> list[Client]:
    """Every client, a page of two at a time."""
    rows: list[Client] = []
    page = clients_list.sync(client=client, limit=2)
    while isinstance(page, ClientPage):
        rows.extend(page.data)
        if not page.has_more:
            return rows
        page = clients_list.sync(client=client, limit=2, cursor=page.next_cursor)
    raise AssertionError(f"a page was refused: {page}")


before = walk()
assert len(before) >= 3, before
created = clients_create.sync(
    client=client,
    body=NewClient(name="Generated", reference_currency=Currency.EUR),
    idempotency_key=f"judge-{os.getpid()}",
)
assert isinstance(created, Client), created
read = clients_get.sync(created.id, client=client)
assert read == created, (read, created)
after = walk()
assert [row.id for row in after] == [row.id for row in before] + [created.id]
print(f"python: walked {len(after)} clients, created and read {created.id}")
