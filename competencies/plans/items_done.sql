SELECT id, item_id FROM done
