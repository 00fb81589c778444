from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory

LEVELS = [("1", "Knows"), ("2", "Practises")]


class Log(forms.Form):
    name = forms.CharField(
        label="Name", help_text="As on your badge", error_messages={"required": "Enter a name"}
    )
    level = forms.ChoiceField(label="Level", choices=LEVELS, widget=forms.RadioSelect)
    topics = forms.MultipleChoiceField(
        label="Topics", choices=LEVELS, widget=forms.CheckboxSelectMultiple, required=False
    )
    day = forms.DateField(label="Day", widget=forms.SelectDateWidget)
    text = forms.CharField(label="Text", max_length=50, widget=forms.Textarea)

    def clean(self) -> None:
        if self.data.get("name") == "wrong":
            raise forms.ValidationError("The two do not fit")


def draw(source: str, **context: Any) -> str:
    html = Template("{% load nhsuk %}" + source).render(Context(context))
    return " ".join(html.split())


def test_field_names_its_hint_and_error() -> None:
    html = draw("{% field form.name %}", form=Log({}))

    assert '<label class="nhsuk-label" for="id_name">Name</label>' in html
    assert 'id="id_name_helptext">As on your badge' in html
    assert "</span>Enter a name</span>" in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'class="nhsuk-input nhsuk-input--error"' in html


def test_choices_stand_in_a_fieldset_with_a_legend() -> None:
    html = draw("{% field form.level item_hints=hints %}", form=Log({"level": "2"}), hints={"2": "With help"})

    assert 'nhsuk-fieldset__legend--m">Level</legend>' in html
    assert (
        'id="id_level_1" name="level" type="radio" value="2" checked aria-describedby="id_level_1-hint"'
        in html
    )


def test_checkboxes_are_no_radios() -> None:
    assert 'type="checkbox"' in draw("{% field form.topics %}", form=Log())


def test_date_is_three_boxes_that_the_form_can_read_back() -> None:
    form = Log({"day_day": "31", "day_month": "13", "day_year": "2026"})

    html = draw("{% field form.day %}", form=form)

    assert 'name="day_month" type="text" inputmode="numeric" value="13"' in html
    assert '<a href="#id_day_day">' in draw("{% error_summary form %}", form=form)


def test_textarea_counts_but_does_not_cut_off() -> None:
    html = draw("{% field form.text %}", form=Log())

    assert 'data-maxlength="50"' in html
    assert " maxlength=" not in html
    assert "You can enter up to 50 characters" in html


def test_error_summary_links_each_error_and_is_absent_without_any() -> None:
    errors = draw("{% error_summary form %}", form=Log({"name": "wrong"}))

    assert '<a href="#id_name">The two do not fit</a>' in errors
    assert '<a href="#id_level_0">' in errors
    assert draw("{% error_summary form %}", form=Log()) == ""


def test_error_summary_takes_errors_from_elsewhere() -> None:
    assert '<a href="#q1">Choose an answer</a>' in draw(
        "{% error_summary errors=pairs %}", pairs=[("Choose an answer", "#q1")]
    )


def test_text_is_escaped_and_block_content_is_kept() -> None:
    html = draw("{% card heading %}<p>Words</p>{% endcard %}{% tag heading %}", heading="<b>")

    assert "<p>Words</p>" in html
    assert "<b>" not in html


def test_breadcrumb_leads_back_to_the_page_above() -> None:
    html = draw('{% breadcrumb "Home" "/" "My learning" "/my-learning/" %}')

    assert '<a class="nhsuk-back-link" href="/my-learning/">' in html


def test_task_without_an_address_is_no_link() -> None:
    html = draw(
        "{% task_list items %}", items=[{"text": "Read", "status": "Next", "href": "/r"}, {"text": "Log"}]
    )

    assert html.count("<a ") == 1


def test_page_links_keep_the_rest_of_the_address() -> None:
    request = RequestFactory().get("/?tier=board&page=2")

    html = draw("{% page_links page %}", request=request, page=Paginator(range(30), 10).page(2))

    assert 'href="?tier=board&amp;page=1"' in html
    assert 'href="?tier=board&amp;page=3"' in html


def test_data_table_has_caption_and_header_cells() -> None:
    html = draw(
        '{% data_table "People" heads rows numeric="2" %}', heads=["Team", "All"], rows=[["Ward 1", 3]]
    )

    assert 'nhsuk-table__caption--m">People</caption>' in html
    assert '<th class="nhsuk-table__header" scope="row">Ward 1</th>' in html
    assert 'role="region" aria-label="People" tabindex="0"' in html
