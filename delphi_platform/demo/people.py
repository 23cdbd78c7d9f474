"""The demo's accounts, its study in preparation, its expert bank and panel."""

from experts.enums import Role
from experts.models import Expert, PanelMember, User
from experts.services.panels import add_members, create_group
from experts.services.roles import set_role
from surveys.demo.content import DemoContent
from surveys.enums import AskReason, CriterionKind, Routing, Unfamiliar
from surveys.models import Field, MemberField, Study, Technology
from surveys.services.studies import add_field, create_study, edit_question, set_criterion
from surveys.services.technologies import add_technology
from surveys.study_templates import rules

PASSWORD = "converging-rounds"  # noqa: S105 - printed at every start; the demo is for looking at
ACCOUNTS = {
    "admin": ("admin@example.org", "Ada Admin", "administrator", "en"),
    "organiser": ("organiser@example.org", "林岚 Lin Lan", "owner of the demo study", ""),
    "moderator": ("moderator@example.org", "Moe Moderator", "moderator", "en"),
    "analyst": ("analyst@example.org", "Ana Analyst", "analyst", "en"),
}


def create_accounts() -> dict[str, User]:
    accounts = {}
    for key, (email, name, _role, language) in ACCOUNTS.items():
        accounts[key] = User.objects.filter(email=email).first() or User.objects.create_user(
            email, PASSWORD, name=name, language=language, is_staff=key == "admin"
        )
    return accounts


def account_facts() -> list[dict[str, str]]:
    return [
        {"email": email, "password": PASSWORD, "role": role}
        for email, _name, role, _lang in ACCOUNTS.values()
    ]


def create_demo_study(content: DemoContent, accounts: dict[str, User]) -> Study:
    """The study with texts, fields and questions of the demo, on the foresight template."""
    owner, plan = accounts["organiser"], content.study
    study = create_study(
        actor=owner,
        template="foresight",
        extras=["judgement_basis"],
        title=plan["title"],
        simulated=True,
        purpose=plan["purpose"],
        welcome=plan["welcome"],
        worked_example=plan["worked_example"]["text"],
        consent=plan["consent"],
        perspective=plan["perspective"],
        unfamiliar_rule=Unfamiliar.COLLAPSED,
        unfamiliar_at=1,
        thanks=plan["thanks"],
        item_label=plan["item_label"]["singular"],
        items_label=plan["item_label"]["plural"],
        routing=Routing.FIELDS,
    )
    set_role(panel=study.panel, user=accounts["moderator"], role=Role.MODERATOR, actor=owner)
    set_role(panel=study.panel, user=accounts["analyst"], role=Role.ANALYST, actor=owner)
    _word_questions(study, owner, plan["questions"])
    # The demo's panel still moves between rounds 1 and 2: a strict 15 % would leave nothing settled to look at.
    set_criterion(
        study=study,
        actor=owner,
        kind=CriterionKind.STABILITY,
        question=study.questions.get(key="importance"),
        expression=rules.net_change_below(0.25),
    )
    return study


def _word_questions(study: Study, owner: User, plans: list[dict]) -> None:
    """The demo's own wording and scale labels. Reasons stay optional: a simulated panel gives few."""
    for plan in plans:
        question = study.questions.get(key=plan["key"])
        changes: dict = {"text": plan["label"]}
        if plan["type"] == "scale":
            anchors = plan["anchors"]
            low, high = anchors[str(plan["low"])], anchors[str(plan["high"])]
            changes |= {"low_label": low, "high_label": high, "minimum": plan["low"], "maximum": plan["high"]}
        if plan["type"] == "year":
            changes |= {"minimum": plan["low"], "maximum": plan["high"]}
        if question.ask_reason == AskReason.OUTSIDE:
            changes["ask_reason"] = AskReason.OPTIONAL
        edit_question(question=question, actor=owner, choices=_choices(plan), **changes)


def _choices(plan: dict) -> list[tuple[int, str, dict]] | None:
    if plan["type"] == "choice":
        return [(place, option["key"], option["name"]) for place, option in enumerate(plan["options"], 1)]
    if plan["type"] == "scale":
        return [(int(value), f"p{value}", label) for value, label in plan["anchors"].items()]
    return None


def create_fields(study: Study, owner: User, content: DemoContent) -> dict[str, Field]:
    fields = {}
    for top in content.study["fields"]:
        fields[top["key"]] = add_field(study=study, actor=owner, key=top["key"], name=top["name"])
        for child in top["children"]:
            fields[child["key"]] = add_field(
                study=study, actor=owner, key=child["key"], name=child["name"], parent=fields[top["key"]]
            )
    return fields


def create_list(
    study: Study, owner: User, content: DemoContent, fields: dict[str, Field]
) -> dict[str, Technology]:
    return {
        entry["key"]: add_technology(
            study=study,
            actor=owner,
            name=entry["name"],
            description=entry["description"],
            field=fields[entry["field"]],
            key=entry["code"],
        )
        for entry in content.technologies
    }


def create_panel(
    study: Study, owner: User, content: DemoContent, fields: dict[str, Field]
) -> dict[str, PanelMember]:
    """The 48 simulated experts, in their groups, with the fields that they are asked about."""
    groups = {group.key: group for group in study.panel.groups.all()}
    for plan in content.study["panel"]["groups"]:
        if plan["key"] not in groups:
            groups[plan["key"]] = create_group(
                panel=study.panel, key=plan["key"], name=plan["name"], actor=owner
            )
    experts = {plan["key"]: _expert(plan) for plan in content.experts}
    people = [(experts[p["key"]], groups[p["group"]], p["language"]) for p in content.experts]
    by_expert = {
        member.expert_id: member for member in add_members(panel=study.panel, people=people, actor=owner)
    }
    members = {key: by_expert[expert.pk] for key, expert in experts.items()}
    MemberField.objects.bulk_create(
        [
            MemberField(member=members[plan["key"]], field=fields[field])
            for plan in content.experts
            for field in plan["fields"]
        ]
    )
    return members


def _expert(plan: dict) -> Expert:
    expert, _created = Expert.objects.get_or_create(
        email=plan["email"],
        defaults={
            "name": plan["name"],
            "organisation": plan["organisation"],
            "country": plan["country"],
            "expertise": plan["keywords"],
            "language": plan["language"],
            "simulated": True,
        },
    )
    return expert
