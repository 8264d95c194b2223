"""Which permission each page asks, by its endpoint. A page that is not here is closed to all."""

from __future__ import annotations

from collections.abc import Mapping

_PAGES: Mapping[str, str] = {
    "lezen": """
        access.features access.record access.show access.suggestions access.symbol_file
        access.table access.zones area.show dossier.file dossier.show embed.overview embed.show
        exposure.file exposure.show feeds.all_meetings feeds.all_news feeds.all_rss feeds.place_news
        feeds.place_rss feeds.track_meetings feeds.track_news feeds.track_rss house_rules.show
        importance.order importance.show lists.area_file lists.area_page lists.overview
        lists.site_file lists.site_page map.index map_data.area_panel map_data.borders
        map_data.layer map_data.module_file map_data.site_panel map_data.sites map_data.suggestions
        map_data.symbol_file method.overview method.show minutes.file minutes.reach
        minutes.reach_file minutes.show nota.contributions nota.document nota.show nota.table
        privacy_register.file privacy_register.show public_contribution.photo
        public_contribution.show public_track.document public_track.features public_track.show
        public_tracks.show rights.show search.show search_areas.file search_areas.layers
        search_areas.overview search_areas.show security_contact.show shared_scenario.show site.show
        sources.show spreading.chart_file spreading.file spreading.show spreading_series.chart
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
        workspace_answers.save workspace_answers.show workspace_bulk.confirm
        workspace_bulk.preview workspace_bulk.show workspace_bulk.upload workspace_costs.remove
        workspace_costs.save workspace_costs.show workspace_documents.add
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
    "trajecten_bewerken": """
        agreements.add agreements.edit agreements.finish agreements.new agreements.remove
        agreements.reopen agreements.save agreements.show support.add support.edit support.new
        support.remove support.save support.show track_documents.add track_documents.ask_removal
        track_documents.file track_documents.new track_documents.remove track_form.add
        track_form.edit track_form.new track_form.save track_meetings.add track_meetings.edit
        track_meetings.new track_meetings.remove track_meetings.save track_news.add track_news.edit
        track_news.new track_news.remove track_news.save track_parties.add track_parties.edit
        track_parties.move track_parties.new track_parties.remove track_parties.save
        track_phases.add track_phases.edit track_phases.move track_phases.new track_phases.remove
        track_phases.save track_publishing.ask track_publishing.ask_finish
        track_publishing.ask_remove track_publishing.finish track_publishing.publish
        track_publishing.remove track_sites.add track_sites.edit track_sites.new track_sites.remove
        track_sites.save track_work.history track_work.overview track_work.show
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
    "reageren": """
        contributing.send contributing.show own_contribution.appeal own_contribution.forget_email
        own_contribution.show
        following.add following.ask_stop following.asked following.change_own
        following.confirm_own following.own following.show following.stop importance.send
    """,
    "reacties_beantwoorden": """
        answering.one answering.save answering.show answering.sort contribution_import.show
        contribution_import.take embed.code entering.add entering.show phase_closing.close
        phase_closing.preview phase_closing.preview_file phase_closing.reopen phase_closing.show
        proposed_candidates.add proposed_candidates.show themes.add themes.edit themes.merge
        themes.move themes.remove themes.save themes.show
    """,
    "scenarios_overnemen": """
        scenario_adopting.adopt scenario_adopting.ask
    """,
    "belang_lezen": """
        importance_overview.chart importance_overview.file importance_overview.show
    """,
    "spreiding_kiezen": """
        siting.ask siting.cancel siting.chart siting.file siting.progress siting.show
        siting.show_job
    """,
    "post_lezen": """
        post.show
    """,
    "reacties_modereren": """
        moderation.confirm moderation.decide_one moderation.one moderation.photo
        moderation.preview moderation.show
    """,
}

#: The key of a permission by endpoint.
ROUTES: Mapping[str, str] = {
    endpoint: permission
    for permission, endpoints in _PAGES.items()
    for endpoint in endpoints.split()
}
