UPDATE competencies_planassignment a
SET due = greatest(fitting.starts, plan.starts_on) + plan.due_days
FROM fitting
JOIN plan ON plan.id = fitting.plan_id
WHERE a.plan_id = plan.id AND a.user_id = fitting.user_id AND a.ended_on IS NULL AND a.met_on IS NULL
