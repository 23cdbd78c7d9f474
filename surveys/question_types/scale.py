from surveys.question_types.base import QuestionKind


class Scale(QuestionKind):
    """An ordinal rating with labelled ends: every whole number from `minimum` to `maximum`."""

    whole_numbers = True
    template = "surveys/questions/scale.html"

    def bounds(self, question):
        return (
            1 if question.minimum is None else question.minimum,
            5 if question.maximum is None else question.maximum,
        )

    def categories(self, question):
        low, high = self.bounds(question)
        return [float(value) for value in range(int(low), int(high) + 1)]
