from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class StudyStatus(models.TextChoices):
    DRAFT = "draft", _("In preparation")
    ACTIVE = "active", _("Running")
    FINISHED = "finished", _("Finished")
    ARCHIVED = "archived", _("Archived")


class Anonymity(models.TextChoices):
    """Where identity and answers may meet. Peers never see either."""

    FULL = "full", _("Anonymous to everyone: nobody can look up who answered what")
    ORGANISERS = "organisers", _("Anonymous to peers: owners and organisers may look up a member")


class TechnologyStatus(models.TextChoices):
    ACTIVE = "active", _("On the list")
    DROPPED = "dropped", _("Taken off the list")


class Origin(models.TextChoices):
    ORGANISER = "organiser", _("Entered by an organiser")
    IMPORT = "import", _("Imported from a file")
    SCAN = "scan", _("Proposed by a scan, accepted by a reviewer")
    EXPERT = "expert", _("Proposed by an expert")


class QuestionType(models.TextChoices):
    """Kinds that the platform can ask; `surveys.question_types` holds one module for each."""

    SCALE = "scale", _("Rating scale")
    CHOICE = "choice", _("Single choice")
    MULTIPLE = "multiple", _("Multiple choice")
    RANKING = "ranking", _("Ranking")
    ALLOCATION = "allocation", _("Allocation of points")
    NUMBER = "number", _("Number")
    PERCENT = "percent", _("Percent")
    ESTIMATE = "estimate", _("Three-point estimate (low, best, high)")
    YEAR = "year", _("Year")
    YES_NO = "yes_no", _("Yes or no")
    CERTAINTY = "certainty", _("Yes or no with certainty")
    PLANE = "plane", _("Two scales at once (a point in a plane)")
    PAIRWISE = "pairwise", _("Comparison in pairs")
    TEXT = "text", _("Free text")


BINARY_TYPES = (QuestionType.YES_NO, QuestionType.CERTAINTY)


class QuestionRole(models.TextChoices):
    NONE = "", _("None")
    FAMILIARITY = "familiarity", _("Familiarity")
    IMPORTANCE = "importance", _("Importance")
    FEASIBILITY = "feasibility", _("Feasibility")
    AGREEMENT = "agreement", _("Agreement")
    YEAR_LAB = "year_lab", _("Realisation time in the laboratory")
    YEAR_SOCIETY = "year_society", _("Realisation time in society")
    CONSTRAINT = "constraint", _("Constraint")
    BASIS_PRACTICE = "basis_practice", _("Basis of judgement: practice")
    BASIS_THEORY = "basis_theory", _("Basis of judgement: theory")
    BASIS_PEERS = "basis_peers", _("Basis of judgement: peers and literature")
    BASIS_INTUITION = "basis_intuition", _("Basis of judgement: intuition")
    COMMENT = "comment", _("Comment")


# In the order in which papers print them.
BASIS_ROLES = (
    QuestionRole.BASIS_PRACTICE,
    QuestionRole.BASIS_THEORY,
    QuestionRole.BASIS_PEERS,
    QuestionRole.BASIS_INTUITION,
)


class AskedPer(models.TextChoices):
    TECHNOLOGY = "technology", _("For each technology")
    ROUND = "round", _("Once per round")


class AskReason(models.TextChoices):
    NEVER = "never", _("No reason asked")
    OPTIONAL = "optional", _("A reason may be given")
    OUTSIDE = "outside", _("A reason is required outside the middle half of the group")
    CHANGED = "changed", _("A reason is required for a change from the earlier round")


class RoundStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SCHEDULED = "scheduled", _("Scheduled")
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed, being analysed")
    ANALYSED = "analysed", _("Analysed")


class RoundScope(models.TextChoices):
    ALL = "all", _("All technologies on the list")
    UNDECIDED = "undecided", _("Only those without a final verdict")


class Routing(models.TextChoices):
    ALL = "all", _("Every member is asked about every technology")
    FIELDS = "fields", _("Members are asked about technologies of their fields")
    CHOSEN = "chosen", _("Members choose fields and technologies themselves")
    BLOCKS = "blocks", _("Members are dealt balanced random blocks of technologies")


class Unfamiliar(models.TextChoices):
    """What becomes of a technology's other questions once a member says how little they know it."""

    ASKED = "", _("They are asked as of everybody")
    OPTIONAL = "optional", _("They are shown, none is required")
    COLLAPSED = "collapsed", _("They are folded away and may be opened, none is required")
    SKIPPED = "skipped", _("They are not asked")


class ParticipationStatus(models.TextChoices):
    NOT_STARTED = "not_started", _("Not started")
    STARTED = "started", _("In progress")
    SUBMITTED = "submitted", _("Submitted")


class Special(models.TextChoices):
    """Answers that are no number. They are counted separately and never enter a median."""

    NONE = "", _("A value")
    CANNOT_JUDGE = "cannot_judge", _("Cannot judge")
    ALREADY = "already", _("Already realised")
    NEVER = "never", _("Never")
    CANNOT_SAY = "cannot_say", _("Cannot say when")


class Stance(models.TextChoices):
    NONE = "", _("Neither")
    FOR = "for", _("In favour")
    AGAINST = "against", _("Against")


class ChangeCause(models.TextChoices):
    """Why a member changed an answer: reflection and seeing with others' eyes are as common as arguments."""

    NONE = "", _("Not stated")
    ARGUMENT = "argument", _("Another expert's argument convinced me")
    REFLECTION = "reflection", _("I thought about it again")
    PERSPECTIVE = "perspective", _("I had not considered another group's situation")
    GROUP = "group_result", _("The group's answers made me reconsider")
    INFORMATION = "new_information", _("New information since the last round")
    MISREAD = "misread", _("I had misread it")
    OTHER = "other", _("Another reason")


class Moderation(models.TextChoices):
    PENDING = "pending", _("Waiting for moderation")
    APPROVED = "approved", _("Shown to others")
    REJECTED = "rejected", _("Not shown")
    WITHDRAWN = "withdrawn", _("Taken back by its author")


MODERATED = (Moderation.PENDING, Moderation.APPROVED, Moderation.REJECTED)


class VoteKind(models.TextChoices):
    USEFUL = "useful", _("Useful")
    AGREE = "agree", _("I agree with this reason")


class ProposalKind(models.TextChoices):
    TECHNOLOGY = "technology", _("A new entry")
    REWORDING = "rewording", _("Another wording")
    FLAG = "flag", _("Unclear wording")


class WordingProblem(models.TextChoices):
    """What may be wrong with the wording of a technology or a question."""

    DOUBLE_BARRELLED = "double_barrelled", _("Asks two things at once")
    LEADING = "leading", _("Suggests an answer")
    AMBIGUOUS = "ambiguous", _("Can be read in several ways")
    JARGON = "jargon", _("Uses words that not everyone knows")
    WRONG_FACT = "wrong_fact", _("States something that is not true")
    OTHER = "other", _("Something else")


class ProposalStatus(models.TextChoices):
    """What the organisers made of a proposal."""

    WAITING = "waiting", _("Waiting for the organisers")
    ACCEPTED = "accepted", _("Accepted")
    MERGED = "merged", _("Covered by an entry of the list")
    REJECTED = "rejected", _("Not taken up")


class CriterionKind(models.TextChoices):
    CONSENSUS_IN = "consensus_in", _("Consensus in")
    CONSENSUS_OUT = "consensus_out", _("Consensus out")
    STABILITY = "stability", _("Stability")


class VerdictKind(models.TextChoices):
    """What the criteria say of one technology after one round."""

    CONSENSUS_IN = "consensus_in", _("Consensus in")
    CONSENSUS_OUT = "consensus_out", _("Consensus out")
    STABLE_DISAGREEMENT = "stable_disagreement", _("Stable disagreement")
    OPEN = "open", pgettext_lazy("verdict", "Open")
    TOO_FEW = "too_few_answers", _("Too few answers")


FINAL_VERDICTS = (
    VerdictKind.CONSENSUS_IN,
    VerdictKind.CONSENSUS_OUT,
    VerdictKind.STABLE_DISAGREEMENT,
)
