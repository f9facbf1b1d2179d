"""OneDrive behind Microsoft Graph: items in folders, addressed by id or by a name below one; uploads of one request.

By https://learn.microsoft.com/graph/api/resources/driveitem: a name is unique in a folder, without regard to case; deleted items are in
the recycle bin and are not found; `root` is the id of the topmost folder. The hash is by
https://learn.microsoft.com/onedrive/developer/code-snippets/quickxorhash.
"""

from __future__ import annotations

import base64
import re
from typing import Any
from urllib.parse import quote, urlencode

from tests.support.drives.blobs import Blob
from tests.support.store import Call, Clock, Document, Handler, Record, Refused, WithHeaders, counter

SERVER = "https://graph.microsoft.com/v1.0"
DRIVE = "b!Zx0root"
OWNER = "aTowIy5m"
"""Permission of the owner of an item."""
MONITOR = "https://example-my.sharepoint.com/_api/v2.0/monitor/"
"""URL for the progress of background operations (https://learn.microsoft.com/graph/long-running-actions-overview)."""
SMALL = 250 * 1024 * 1024
ROW = 160


def quick_xor(content: Blob) -> str:
    """XOR each byte into 160 bits, 11 bits further on than the byte before it; and the length into the last eight bytes."""
    rows = bytearray(ROW)
    location = 0
    for piece in content.pieces():
        entire = b"\0" * (location % ROW) + piece
        entire += b"\0" * (-len(entire) % ROW)
        lowered = 0
        for start in range(0, len(entire), ROW * 512):
            lowered ^= int.from_bytes(entire[start : start + ROW * 512].ljust(ROW * 512, b"\0"), "big")
        wide = lowered.to_bytes(ROW * 512, "big")
        for start in range(0, len(wide), ROW):
            rows = bytearray(a ^ b for a, b in zip(rows, wide[start : start + ROW], strict=True))
        location += len(piece)
    bits = 0
    for index, byte in enumerate(rows):
        for bit in range(8):
            if byte >> bit & 1:
                bits ^= 1 << (index * 11 + bit) % 160
    made = bytearray(bits.to_bytes(20, "little"))
    for index, byte in enumerate(content.size.to_bytes(8, "little")):
        made[12 + index] ^= byte
    return base64.b64encode(bytes(made)).decode()


def refused(status: int, code: str) -> Refused:
    return Refused(status, {"error": {"code": code, "message": code}})


class OneDrive:
    """The items of one drive. `contents` are by id."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.clock = Clock()
        self.numbers = counter(1)
        self.contents: dict[str, Blob] = {}
        self.earlier: dict[str, list[tuple[Record, Blob]]] = {}
        """Earlier versions and their contents, by the id of the item, the oldest first."""
        self.permissions: dict[str, dict[str, Record]] = {}
        """Permissions by the id of the item, and their own."""
        self.items: dict[str, Record] = {}
        self.items["01ROOT"] = {"id": "01ROOT", "name": "root", "folder": {"childCount": 0}, "parentReference": {"driveId": DRIVE}}

    def handlers(self) -> dict[str, Handler]:
        return {
            "drives_GetItems": lambda call: _selected(call, self.item(call)),
            "drives_UpdateItems": self.update,
            "drives_DeleteItems": self.delete,
            "driveItem_ListChildren": self.children,
            "driveItem_CreateFolder": lambda call: self.put(self.item(call)["id"], call.body["name"], {"folder": {"childCount": 0}}),
            "driveItem_Search": self.search,
            "driveItem_Upload": self.upload,
            "driveRoot_ListChildren": self.children,
            "driveRoot_CreateFolder": lambda call: self.put("01ROOT", call.body["name"], {"folder": {"childCount": 0}}),
            "driveRoot_Upload": self.upload,
            "users_ListDrives": lambda call: self.page(call, [{"id": DRIVE, "name": "OneDrive", "driveType": "personal"}]),
            "drives_GetItemsContent": lambda call: self.content(self.item(call)),
            "driveItem_Invite": self.invite,
            "driveItem_ListPermissions": lambda call: self.page(call, [*self.rights(self.item(call)).values()]),
            "driveItem_DeletePermission": self.revoke,
            "driveItem_CreateLink": self.link,
            "drives_SetItemsContent": lambda call: self.replace(self.item(call)["id"], Blob(call.content)),
            "driveItem_ListVersions": lambda call: self.page(call, self.history(call)),
            "driveItem_DownloadVersion": lambda call: self.version(call)[1],
            "driveItem_RestoreVersion": lambda call: void(self.replace(call.path["itemId"], self.version(call)[1])),
            "driveItem_Copy": lambda call: WithHeaders(None, (("Location", f"{MONITOR}{self.copy(call)}"),)),
        }

    def item(self, call: Call) -> Record:
        """Return the item of a request; its id is valid in its drive only. Without one, it is the topmost folder."""
        if call.path.get("drive-id", call.path.get("driveId", DRIVE)) != DRIVE:
            raise refused(404, "itemNotFound")
        return self.find(str(call.path.get("driveItem-id") or call.path.get("itemId") or "root"))

    def find(self, id: str) -> Record:
        found = self.items.get("01ROOT" if id == "root" else id)
        if found is None:
            raise refused(404, "itemNotFound")
        return found

    def inside(self, folder: str) -> list[Record]:
        return [item for item in self.items.values() if item["parentReference"].get("id") == folder]

    def put(self, folder: str, name: str, facet: Record) -> Record:
        """Add an item to a folder."""
        if "folder" not in self.find(folder):
            raise refused(400, "invalidRequest")
        self.free(folder, name)
        now = self.clock.tick()
        id = f"01BYE5RZ{next(self.numbers):026d}"
        made = {
            "id": id, "name": name, "parentReference": self.reference(folder), "eTag": f'"{{{id}}},1"',
            "webUrl": f"https://example-my.sharepoint.com/personal/ada/{id}", "createdDateTime": now, "lastModifiedDateTime": now,
            "size": 0, **facet,
        }  # fmt: skip
        self.items[id] = made
        return made

    def reference(self, folder: str) -> Record:
        return {"driveId": DRIVE, "id": folder, "path": f"/drives/{DRIVE}/root:{quote(self.place(folder))}"}

    def place(self, id: str) -> str:
        """Path of an item from the root."""
        item = self.items[id]
        return f"{self.place(item['parentReference']['id'])}/{item['name']}" if "id" in item["parentReference"] else ""

    def free(self, folder: str, name: str) -> None:
        if not name.strip() or re.search(r'["*:<>?/\\|]', name) or name.endswith((".", " ")) or name.startswith(" "):
            raise refused(400, "invalidRequest")
        if any(item["name"].casefold() == name.casefold() for item in self.inside(folder)):
            raise refused(409, "nameAlreadyExists")

    def create(self, folder: str, name: str, content: Blob) -> Record:
        facet = {"file": {"mimeType": "application/octet-stream", "hashes": {"quickXorHash": quick_xor(content)}}, "size": content.size}
        made = self.put(folder, name, facet)
        self.contents[made["id"]] = content
        return made

    def upload(self, call: Call) -> Record:
        assert len(call.content) <= SMALL
        return self.create(self.item(call)["id"], str(call.path["fileName"]), Blob(call.content))

    def update(self, call: Call) -> Record:
        item = self.item(call)
        folder = self.find((call.body.get("parentReference") or {}).get("id", item["parentReference"]["id"]))["id"]
        name = call.body.get("name", item["name"])
        if (folder, name.casefold()) != (item["parentReference"]["id"], item["name"].casefold()):
            self.free(folder, name)
        item |= {"name": name, "parentReference": self.reference(folder), "lastModifiedDateTime": self.clock.tick()}
        return item

    def replace(self, id: str, content: Blob) -> Record:
        item = self.find(id)
        before = self.content(item)
        self.earlier.setdefault(id, []).append((self._version(item), before))
        number = len(self.earlier[id]) + 1
        item |= {
            "size": content.size, "file": {**item["file"], "hashes": {"quickXorHash": quick_xor(content)}}, "eTag": f'"{{{id}}},{number}"',
            "lastModifiedDateTime": self.clock.tick(),
        }  # fmt: skip
        self.contents[id] = content
        return item

    def _version(self, item: Record) -> Record:
        author = {"user": {"id": "1", "displayName": "Ada", "email": "ada@example.com"}}
        number = f"{len(self.earlier.get(item['id'], [])) + 1}.0"
        return {"id": number, "lastModifiedBy": author, "lastModifiedDateTime": item["lastModifiedDateTime"], "size": item["size"]}

    def _versions(self, id: str) -> list[tuple[Record, Blob]]:
        item = self.find(id)
        return [(self._version(item), self.content(item)), *reversed(self.earlier.get(id, []))]

    def history(self, call: Call) -> list[Record]:
        return [record for record, _ in self._versions(call.path["itemId"])]

    def version(self, call: Call) -> tuple[Record, Blob]:
        found = [pair for pair in self._versions(call.path["itemId"]) if pair[0]["id"] == call.path["versionId"]]
        if not found:
            raise refused(404, "itemNotFound")
        return found[0]

    def delete(self, call: Call) -> None:
        item = self.item(call)
        for inner in self.inside(item["id"]):
            del self.items[inner["id"]]
        del self.items[item["id"]]
        self.contents.pop(item["id"], None)

    def content(self, item: Record) -> Blob:
        if item["id"] not in self.contents:
            raise refused(404, "itemNotFound")
        return self.contents[item["id"]]

    def children(self, call: Call) -> Record:
        return self.page(call, self.inside(self.item(call)["id"]))

    def search(self, call: Call) -> Record:
        result = re.fullmatch(r"'((?:[^']|'')*)'", str(call.path["q"]))
        if result is None:
            raise refused(400, "invalidRequest")
        text = result[1].replace("''", "'").casefold()
        return self.page(call, [item for item in self.items.values() if item["id"] != "01ROOT" and text in self._full_text(item)])

    def _full_text(self, item: Record) -> str:
        content = self.contents.get(item["id"])
        return f"{item['name']}\n{'' if content is None else content.entire().decode(errors='replace')}".casefold()

    def copy(self, call: Call) -> str:
        """Copy an item with everything in it; return the id of the copy."""
        item = self.item(call)
        folder = self.find((call.body.get("parentReference") or {}).get("id", item["parentReference"].get("id", "01ROOT")))["id"]
        name = call.body.get("name", item["name"])
        stem, dot, ending = name.rpartition(".") if "." in name.strip(".") else (name, "", "")
        for number in counter(1):
            try:
                self.free(folder, name)
                break
            except Refused as refused:
                if refused.status != 409 or call.query.get("@microsoft.graph.conflictBehavior") != "rename":
                    raise
                name = f"{stem} {number}{dot}{ending}"
        return str(self.copied(item, folder, name)["id"])

    def copied(self, item: Record, folder: str, name: str) -> Record:
        if item["id"] in self.contents:
            return self.create(folder, name, self.contents[item["id"]])
        inside = self.inside(item["id"])
        made = self.put(folder, name, {"folder": {"childCount": len(inside)}})
        for inner in inside:
            self.copied(inner, made["id"], inner["name"])
        return made

    def page(self, call: Call, found: list[Record]) -> Record:
        size = int(call.query.get("$top") or 200)
        start = int(call.query.get("$skipToken") or 0)
        page: Record = {"value": [_selected(call, item) for item in found[start : start + size]]}
        if start + size < len(found):
            query = {name: value for name, value in call.query.items() if name not in ("$select", "$skipToken")}
            query |= {"$select": ",".join(call.query.get("$select") or ()), "$skipToken": str(start + size)}
            page["@odata.nextLink"] = f"{SERVER}{call.request.path}?{urlencode({n: v for n, v in query.items() if v})}"
        return page

    def invite(self, call: Call) -> Record:
        item = self.item(call)
        item["shared"] = {"scope": "users"}
        made = {
            "id": f"perm{next(self.numbers)}", "roles": call.body["roles"], "invitation": {"email": call.body["recipients"][0]["email"]},
        }  # fmt: skip
        self.rights(item)[made["id"]] = made
        return {"value": [made]}

    def rights(self, item: Record) -> dict[str, Record]:
        """Return the permissions of an item: its owner's, and those that were added."""
        owner = {"id": OWNER, "roles": ["owner"], "grantedToV2": {"user": {"id": "1", "displayName": "Ada", "email": "ada@example.com"}}}
        return self.permissions.setdefault(item["id"], {OWNER: owner})

    def revoke(self, call: Call) -> None:
        if self.rights(self.item(call)).pop(call.path["permissionId"], None) is None:
            raise refused(404, "itemNotFound")

    def link(self, call: Call) -> Record:
        """Create a link. A second one of the same type and scope is the first: https://learn.microsoft.com/graph/api/driveitem-createlink."""
        rights = self.rights(self.item(call))
        link = {"type": call.body["type"], "scope": call.body.get("scope", "anonymous")}
        for permission in rights.values():
            if link.items() <= permission.get("link", {}).items():
                return permission
        id = f"link{next(self.numbers)}"
        made = {"id": id, "roles": ["write" if link["type"] == "edit" else "read"], "link": {**link, "webUrl": f"https://1drv.ms/{id}"}}
        if "expirationDateTime" in call.body:
            made["expirationDateTime"] = call.body["expirationDateTime"]
        rights[id] = made
        return made


def void(_: object) -> None:
    """Respond without a body."""


def monitored(path: str, times: int) -> Record:
    """Progress of a copy at the first, second … request."""
    if times < 2:
        return {"operation": "ItemCopy", "percentageComplete": 27.8, "status": "inProgress"}
    return {"percentageComplete": 100.0, "resourceId": path.rpartition("/")[2], "status": "completed"}


def _selected(call: Call, item: Record) -> Any:
    wanted = call.query.get("$select")
    return {name: value for name, value in item.items() if name in wanted} if wanted else item


SEEDS = tuple(f"{DRIVE}/01BYE5RZ{number:026d}" for number in (1, 2, 3))
"""A folder, a file in it, and one at the root."""


def seeded(document: Document) -> OneDrive:
    made = OneDrive(document)
    folder = made.put("01ROOT", "Reports", {"folder": {"childCount": 1}})
    made.create(folder["id"], "May.txt", Blob(b"May"))
    made.create("01ROOT", "Notes.txt", Blob(b"Notes"))
    return made
