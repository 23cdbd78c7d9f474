"""What a server understands of a request. What it says it does not know is left out or said otherwise, once each."""

from dataclasses import dataclass

from scanning.llm.errors import Rejected

SCHEMA, OBJECT, FREE = "json_schema", "json_object", ""
MISUNDERSTOOD = (400, 422)


@dataclass
class Dialect:
    form: str = SCHEMA
    limit: str = "max_tokens"
    cold: bool = True

    @property
    def strict(self) -> bool:
        return self.form == SCHEMA

    def body(self, *, model: str, messages: list[dict], most: int, schema: dict, name: str) -> dict:
        body: dict = {"model": model, "messages": messages, self.limit: most}
        if self.cold:
            body["temperature"] = 0
        if self.form == SCHEMA:
            wanted = {"name": name, "strict": True, "schema": schema}
            body["response_format"] = {"type": SCHEMA, "json_schema": wanted}
        elif self.form:
            body["response_format"] = {"type": self.form}
        return body

    def learn(self, refusal: Rejected) -> bool:
        """Whether the server said what it does not know, so that it can be asked in other words."""
        if refusal.details["status"] not in MISUNDERSTOOD:
            return False
        said = refusal.body
        if self.limit == "max_tokens" and "max_completion_tokens" in said:
            self.limit = "max_completion_tokens"
        elif self.form and ("response_format" in said or "json_schema" in said or self.form in said):
            self.form = OBJECT if self.form == SCHEMA else FREE
        elif self.cold and "temperature" in said:
            self.cold = False
        else:
            return False
        return True
