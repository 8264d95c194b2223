"""Which permission each page asks, by its endpoint. A page that is not here is closed to all."""

from __future__ import annotations

from collections.abc import Mapping

_PAGES: Mapping[str, str] = {
    "lezen": """
        access.features access.record access.show access.suggestions access.symbol_file
        access.table access.zones area.show dossier.file dossier.show exposure.file
        exposure.show lists.area_file
        lists.area_page lists.overview lists.site_file lists.site_page map.index
        map_data.area_panel map_data.borders map_data.layer map_data.module_file
        map_data.site_panel map_data.sites map_data.suggestions map_data.symbol_file
        method.overview method.show minutes.file minutes.reach minutes.reach_file minutes.show
        rights.show search.show search_areas.file search_areas.layers search_areas.overview
        search_areas.show security_contact.show shared_scenario.show site.show sources.show
        embed.overview embed.show nota.contributions nota.document nota.show nota.table
        spreading.chart_file spreading.file spreading.show spreading_series.chart
        spreading_series.file spreading_series.show statements.about statements.accessibility
        statements.privacy static types.overview types.show
    """,
    "inloggen": """
        sign_in.enter sign_in.leave sign_in.link sign_in.pass_second_step sign_in.second_step
        sign_in.show sign_in.use_link sign_in_oidc.finish sign_in_oidc.leave sign_in_oidc.start
    """,
    "accounts_beheren": """
        accounts.add accounts.change accounts.close accounts.edit accounts.make_link
        accounts.new accounts.reopen accounts.reset_second_step accounts.show
    """,
    "eigen_account": """
        own_account.change_password own_account.leave_everywhere own_account.password
        own_account.recovery_codes own_account.second_step own_account.show own_account.turn_off
        own_account.turn_on
    """,
    "interne_cijfers": """
        internal_counts.file internal_counts.show
    """,
    "locaties_lezen": """
        workspace.show workspace_bulk.sheet workspace_documents.file workspace_documents.show
        workspace_site.show
    """,
    "locaties_bewerken": """
        workspace_answers.save workspace_answers.show workspace_bulk.confirm workspace_bulk.preview
        workspace_bulk.show workspace_bulk.upload workspace_costs.remove workspace_costs.save
        workspace_costs.show workspace_documents.add
        workspace_documents.ask_removal workspace_documents.remove workspace_drafts.discard
        workspace_drafts.keep workspace_form.add workspace_form.edit workspace_form.save_added
        workspace_form.save_edited workspace_stage.correct workspace_stage.remove
        workspace_stage.save workspace_stage.show workspace_stage.show_state
    """,
    "geschiedenis_lezen": """
        workspace_history.file workspace_history.overview workspace_history.site
    """,
    "geschiedenis_herstellen": """
        workspace_history.ask workspace_history.bring_back
    """,
    "kandidaten_vergelijken": """
        choice_dossiers.preview choice_dossiers.show choice_rules.show choices.history
        choices.overview choices.show compare.chart compare.file compare.keep_weighting
        compare.remove_weighting compare.show
    """,
    "keuzes_bewerken": """
        choice_candidates.add_file choice_candidates.add_place_to_choice
        choice_candidates.add_sites choice_candidates.show choice_dossiers.make choice_form.add
        choice_form.edit choice_form.save_added choice_form.save_edited choice_rules.edit
        choice_rules.save choice_steps.drop choice_steps.move choice_steps.show
        choice_steps.take_back_candidate
    """,
    "dossiers_publiceren": """
        choice_dossiers.make_public choice_dossiers.take_back
    """,
    "inleesgeschiedenis_lezen": """
        import_history.show
    """,
    "scenarios_bewerken": """
        scenario.compare scenario.history scenario.show scenario_items.add scenario_items.change
        scenario_items.edit scenario_items.new scenario_items.remove scenario_sharing.make_link
        scenario_sharing.show scenario_sharing.withdraw scenarios.add scenarios.change
        scenarios.copy scenarios.edit scenarios.make_copy scenarios.new scenarios.remove
        scenarios.show siting.to_scenario
    """,
    "scenarios_overnemen": """
        scenario_adopting.adopt scenario_adopting.ask
    """,
    "reacties_beantwoorden": """
        answering.one answering.save answering.show answering.sort contribution_import.show
        contribution_import.take embed.code phase_closing.close phase_closing.preview
        phase_closing.preview_file phase_closing.reopen phase_closing.show themes.add themes.edit
        themes.merge themes.move themes.remove themes.save themes.show
    """,
    "spreiding_kiezen": """
        siting.ask siting.cancel siting.chart siting.file siting.progress siting.show
        siting.show_job
    """,
}

#: The key of a permission by endpoint.
ROUTES: Mapping[str, str] = {
    endpoint: permission
    for permission, endpoints in _PAGES.items()
    for endpoint in endpoints.split()
}
