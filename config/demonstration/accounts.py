from dataclasses import dataclass

PASSWORD = "learn-together"  # noqa: S105 - printed on the sign-in page of the demonstration, and only there
DOMAIN = "demo.example"


@dataclass(frozen=True)
class Account:
    """Somebody invented, as whom a visitor can sign in."""

    key: str
    who: str
    name: str

    @property
    def email(self) -> str:
        return f"{self.key}@{DOMAIN}"

    @property
    def password(self) -> str:
        return PASSWORD


ACCOUNTS = (
    Account("nurse", "A nurse on a ward, part-way through", "Asha Foxglove"),
    Account("starter", "A porter in the first weeks", "Tom Bramble"),
    Account("manager", "A ward manager who leads a team", "Grace Hawthorn"),
    Account("board", "A non-executive director", "Yusuf Larch"),
    Account("expert", "An improvement adviser who confirms practice", "Mei Juniper"),
    Account("patient", "A patient representative with two seats", "Dorothy Pinecone"),
    Account("lead", "The capability lead of a trust", "Samuel Rowan"),
    Account("education", "The national education lead", "Ifeoma Sycamore"),
    Account("editor", "An editor of the curricula", "Bryn Elderberry"),
    Account("moderator", "A moderator, who publishes what editors write", "Nia Hazelnut"),
    Account("neighbour", "The capability lead of the other trust", "Anna Quince"),
    Account("newcomer", "Somebody with an account and no post", "Leo Acorn"),
)
