"""My history: everything that happened to one's capabilities, in order; for its person alone."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from competencies.actions import assess_oneself, decline
from competencies.history.appending import append_acts
from competencies.history.queries import Happening
from competencies.models import Practice
from competencies.plans.actions import Draft, ItemSpec, make_plan, remove_from_plan
from competencies.portfolio.actions import agree, say_not_yet
from curriculum.actions import (
    decline_prior_learning,
    put_portfolio_to_panel,
    start_attempt,
    submit_practice,
)
from curriculum.history import history_csv, whole_history_of
from curriculum.keys import key_of
from workforce.models import User

PAGE, FILE = "/my-history/", "/my-history/my-history.csv"
