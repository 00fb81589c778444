SELECT item_id, count(DISTINCT user_id) FROM done GROUP BY item_id
